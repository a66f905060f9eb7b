/** Controllers the board cannot have, and buses that cannot be where they are said to be. */
import type { Controller } from "../device/controller.ts";
import type { Domain } from "../domain.ts";
import { isI440fx } from "../machine.ts";
import { unsupported } from "./refuse.ts";

const builtInIde = (domain: Domain): boolean =>
  isI440fx(domain) || domain.os?.type?.machine === "isapc";

/** IDE is part of the board or not there at all. */
export function checkIde(domain: Domain): void {
  for (const { type, index } of domain.devices?.controllers ?? []) {
    if (type !== "ide" || (index === 0 && builtInIde(domain))) continue;
    unsupported(
      builtInIde(domain)
        ? "Only a single IDE controller is supported for this machine type"
        : "IDE controllers are unsupported for this QEMU binary or machine type",
    );
  }
}

/** A bridge hangs on a bus with a smaller number. */
export function checkBusOrder({ devices }: Domain): void {
  for (const controller of devices?.controllers ?? []) checkParent(controller);
}

function checkParent(controller: Controller): void {
  if (controller.type !== "pci" || controller.model !== "pci-bridge") return;
  const { index = 0, address } = controller;
  if (address?.type !== "pci") return;
  const { bus = 0 } = address;
  if (bus < index) return;
  const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
  unsupported(
    `PCI controller at index ${index} (${hex(index)}) has bus='${hex(bus)}', but index must be larger than bus`,
  );
}
