/** Controllers: numbers, roots and USB. */
import type { Controller } from "../device/controller.ts";
import type { Domain } from "../domain.ts";
import { unsupported, wrongDetail, wrongXml } from "./refuse.ts";

const isUsb2 = (controller: Controller): boolean =>
  controller.type === "usb" &&
  controller.model !== undefined &&
  controller.model.startsWith("ich9-");

/** No number twice; the parts of a USB 2 controller share one. */
export function checkControllerIndexes({ devices }: Domain): void {
  const seen = new Set<string>();
  for (const controller of devices?.controllers ?? []) {
    const { type, index } = controller;
    if (index === undefined || type === "usb" || isUsb2(controller)) continue;
    if (seen.has(`${type} ${index}`))
      wrongXml(`Multiple '${type}' controllers with index '${index}'`);
    seen.add(`${type} ${index}`);
  }
}

const pciRoots = ({ devices }: Domain): readonly Controller[] =>
  (devices?.controllers ?? []).filter(
    (one) => one.type === "pci" && (one.model === "pci-root" || one.model === "pcie-root"),
  );

/** The root of PCI is number 0. */
export function checkPciRootIndex(domain: Domain): void {
  if (pciRoots(domain).some(({ index = 0 }) => index !== 0))
    wrongXml("pci-root and pcie-root controllers should have index 0");
}

/** The root of PCI hangs on nothing. */
export function checkPciRoot(domain: Domain): void {
  if (pciRoots(domain).some(({ address }) => address !== undefined))
    unsupported("pci-root and pcie-root controllers should not have an address");
}

/** A guest without USB has no USB controller; companions have someone to serve. */
export function checkUsbControllers({ devices }: Domain): void {
  const usb = (devices?.controllers ?? []).filter((one) => one.type === "usb");
  if (usb.length > 1 && usb.some(({ model }) => model === "none"))
    wrongDetail("Can't add another USB controller: USB is disabled for this domain");
  if (usb.length > 0 && usb.every(isCompanion)) wrongDetail("No master USB controller specified");
  for (const { model, ports = 0 } of usb)
    if ((model === "nec-xhci" || model === "qemu-xhci") && ports > XHCI_PORTS)
      unsupported(`'${model}' controller only supports up to '${XHCI_PORTS}' ports`);
}
const XHCI_PORTS = 15;

/** Serves ports of another controller. */
const isCompanion = (controller: Controller): boolean =>
  controller.master !== undefined ||
  (controller.type === "usb" && controller.model?.startsWith("ich9-uhci") === true);

/** A bus given to a NUMA node needs the node. */
export function checkControllerNodes({ devices, cpu }: Domain): void {
  const cells = cpu?.numa?.cells?.length ?? 0;
  for (const controller of devices?.controllers ?? [])
    if (controller.type === "pci") checkNode(controller, cells);
}

function checkNode(
  { target, model, index }: Extract<Controller, { type: "pci" }>,
  cells: number,
): void {
  const node = target?.node;
  if (node === undefined || node < cells) return;
  wrongXml(
    `${model ?? ""} with index ${index ?? 0} is configured for a NUMA node (${node}) not present in the domain's <cpu><numa> array (${cells})`,
  );
}
