/** Where a device sits, as the `bus`, `addr`, `port` ... properties of `-device`. */
import type { Address } from "@vireo/model/domain/device/address";
import { given, type JsonObject } from "../json.ts";
import { controllerAlias } from "./controller-alias.ts";
import type { DeviceScope } from "./scope.ts";

type Of<T extends Address["type"]> = Extract<Address, { type: T }>;

const hex = (value: number | undefined): string => (value ?? 0).toString(16);

/** Slot, with the function unless it is 0. */
export const slotAddress = (slot: number, fn: number): string =>
  fn === 0 ? `0x${hex(slot)}` : `0x${hex(slot)}.0x${hex(fn)}`;

const pciProps = (address: Of<"pci">, { domain }: DeviceScope): JsonObject => ({
  bus: controllerAlias(domain, "pci", address.bus ?? 0),
  multifunction: address.multifunction,
  addr: slotAddress(address.slot ?? 0, address.function ?? 0),
});

const usbProps = (address: Of<"usb">, { domain }: DeviceScope): JsonObject => ({
  bus: `${controllerAlias(domain, "usb", address.bus ?? 0)}.0`,
  port: address.port,
});

const ccwProps = (address: Of<"ccw">): JsonObject => ({
  devno: `${hex(address.cssid)}.${hex(address.ssid)}.${hex(address.devno).padStart(4, "0")}`,
});

/** Disks, ports and memory modules say by other properties where they are. */
function addressProps(address: Address, scope: DeviceScope): JsonObject {
  switch (address.type) {
    case "pci":
      return pciProps(address, scope);
    case "usb":
      return usbProps(address, scope);
    case "isa":
      return { iobase: address.iobase, irq: address.irq };
    case "spapr-vio":
      return { reg: address.reg };
    case "ccw":
      return ccwProps(address);
    case "ccid":
      return { bus: `${controllerAlias(scope.domain, "ccid", address.controller ?? 0)}.0` };
    default:
      return {};
  }
}

interface Placed {
  readonly address?: Address | undefined;
  readonly acpi?: { readonly index?: number | undefined } | undefined;
}

/** Properties that put a device on its bus, and the number its firmware tables give it. */
export function busProps(device: Placed, scope: DeviceScope): JsonObject {
  const place = device.address === undefined ? {} : addressProps(device.address, scope);
  return given({ ...place, "acpi-index": device.acpi?.index });
}
