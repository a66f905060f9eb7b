/** PCI bridges, ports and switches. */
import { virError } from "@vireo/model/error";
import type { Controller } from "@vireo/model/domain/device/controller";
import type { JsonObject } from "../json.ts";
import { type CommandArg, optionString, rawArg } from "../command/argument.ts";
import type { CommandInput } from "../command/input.ts";
import { aliasOf } from "./alias.ts";

type PciController = Extract<Controller, { type: "pci" }>;

/** Driver of each model when the definition names none. */
const DRIVER: Readonly<Record<string, string>> = {
  "pci-bridge": "pci-bridge",
  "dmi-to-pci-bridge": "i82801b11-bridge",
  "pcie-to-pci-bridge": "pcie-pci-bridge",
  "pcie-root-port": "pcie-root-port",
  "pcie-switch-upstream-port": "x3130-upstream",
  "pcie-switch-downstream-port": "xio3130-downstream",
  "pci-expander-bus": "pxb",
  "pcie-expander-bus": "pxb-pcie",
};

/** QEMU's default is on, and older ones know no other. */
const switchedOff = (value: boolean | undefined): false | undefined =>
  value === false ? false : undefined;

/** Properties by which the guest and QEMU tell bridges apart. */
function identity(controller: PciController): JsonObject {
  const { model, target } = controller;
  switch (model) {
    case "pci-bridge":
      return { chassis_nr: target?.chassisNr };
    case "pcie-root-port":
    case "pcie-switch-downstream-port":
      return {
        port: target?.port,
        chassis: target?.chassis,
        hotplug: switchedOff(target?.hotplug),
      };
    case "pci-expander-bus":
    case "pcie-expander-bus":
      return { bus_nr: target?.busNr, numa_node: target?.node };
    default:
      return {};
  }
}

/** The root bus is part of the machine. */
export function pciControllerDevice(controller: PciController): JsonObject | undefined {
  const { model } = controller;
  if (model === "pci-root" || model === "pcie-root" || model === undefined) return undefined;
  const driver = controller.modelName?.name ?? DRIVER[model];
  if (driver === undefined)
    throw virError("internalError", `unknown PCI controller model '${model}'`);
  return { driver, ...identity(controller), id: aliasOf(controller) };
}

/** Hotplug on the root bus of the PC is a property of its power management. */
export function rootHotplugArgs({ domain, caps }: CommandInput): CommandArg[] {
  return (domain.devices.controllers ?? []).flatMap((controller, index) => {
    if (controller.type !== "pci" || controller.model !== "pci-root") return [];
    const hotplug = controller.target?.hotplug;
    if (hotplug === undefined || !caps.flags.has("piix4.acpi-root-pci-hotplug")) return [];
    return [
      rawArg(
        "-global",
        optionString(undefined, [["PIIX4_PM.acpi-root-pci-hotplug", hotplug]]),
        `/domain/devices/controller[${index + 1}]/target`,
      ),
    ];
  });
}

/** Size of the window for large PCI devices, a property of the host bridge. */
export function pciHoleArgs({ domain }: CommandInput): CommandArg[] {
  return (domain.devices.controllers ?? []).flatMap((controller, index) => {
    if (controller.type !== "pci" || controller.pciHole64KiB === undefined) return [];
    const bridge = controller.model === "pcie-root" ? "q35-pcihost" : "i440FX-pcihost";
    return [
      rawArg(
        "-global",
        optionString(undefined, [[`${bridge}.pci-hole64-size`, `${controller.pciHole64KiB}K`]]),
        `/domain/devices/controller[${index + 1}]`,
      ),
    ];
  });
}
