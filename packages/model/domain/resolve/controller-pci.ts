/** Names, chassis and port numbers of PCI controllers. */
import { virError } from "../../error.ts";
import type { Controller, PciModel } from "../device/controller.ts";
import type { Domain } from "../domain.ts";
import { isI440fx, isQ35 } from "../machine.ts";
import type { ResolveFacts } from "./facts.ts";

type PciController = Extract<Controller, { type: "pci" }>;
type ModelName = NonNullable<NonNullable<PciController["modelName"]>["name"]>;

const NAMES: Readonly<Partial<Record<PciModel, ModelName>>> = {
  "pci-bridge": "pci-bridge",
  "dmi-to-pci-bridge": "i82801b11-bridge",
  "pcie-to-pci-bridge": "pcie-pci-bridge",
  "pcie-switch-upstream-port": "x3130-upstream",
  "pcie-switch-downstream-port": "xio3130-downstream",
  "pci-expander-bus": "pxb",
  "pcie-expander-bus": "pxb-pcie",
};

/** Names the QEMU device behind a PCI controller. */
export function nameController(controller: Controller, { capabilities }: ResolveFacts): Controller {
  if (
    controller.type !== "pci" ||
    controller.model === undefined ||
    controller.modelName?.name !== undefined
  )
    return controller;
  const port: ModelName = capabilities.has("pcie-root-port") ? "pcie-root-port" : "ioh3420";
  const name = controller.model === "pcie-root-port" ? port : NAMES[controller.model];
  return name === undefined ? controller : { ...controller, modelName: { name } };
}

/** @throws {VireoError} for controllers that the board has no bus for; said before places are looked for. */
export function refuseForeign(domain: Domain): void {
  for (const controller of domain.devices?.controllers ?? []) {
    if (controller.type !== "pci") continue;
    if (controller.model === "pci-expander-bus" && !isI440fx(domain))
      throw virError(
        "configUnsupported",
        "pci-expander-bus controllers are only supported on 440fx-based machinetypes",
      );
    if (controller.model === "pcie-expander-bus" && !isQ35(domain))
      throw virError(
        "configUnsupported",
        "pcie-expander-bus controllers are not supported with this machine type",
      );
  }
}

/** Numbers that the guest sees, from index and address. */
export function settlePciTarget(controllers: readonly Controller[]): readonly Controller[] {
  const settled: Controller[] = [];
  let lowestBus = Math.min(
    256,
    ...controllers.map((one) => (one.type === "pci" ? (one.target?.busNr ?? 256) : 256)),
  );
  for (const controller of controllers) {
    const expands =
      controller.type === "pci" && isExpander(controller) && controller.target?.busNr === undefined;
    if (expands) lowestBus -= 2;
    settled.push(controller.type === "pci" ? withTarget(controller, lowestBus) : controller);
  }
  return settled;
}

const isExpander = ({ model }: PciController): boolean =>
  model === "pci-expander-bus" || model === "pcie-expander-bus";

function withTarget(controller: PciController, busNr: number): PciController {
  const { model, index = 0, target } = controller;
  switch (model) {
    case "pci-bridge":
      return { ...controller, target: { chassisNr: index, ...target } };
    case "pcie-root-port":
    case "pcie-switch-downstream-port":
      return { ...controller, target: { chassis: index, port: portOf(controller), ...target } };
    case "pci-expander-bus":
    case "pcie-expander-bus":
      return { ...controller, target: { busNr, ...target } };
    default:
      return controller;
  }
}

/** A root port is known by slot and function, a switch's port by its slot. */
function portOf({ model, address }: PciController): number {
  if (address?.type !== "pci") return 0;
  const { slot = 0, function: fn = 0 } = address;
  return model === "pcie-root-port" ? (slot << 3) + fn : slot;
}
