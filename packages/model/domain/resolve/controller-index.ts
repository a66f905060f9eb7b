/** Numbers and order of controllers, and those a domain needs without saying so. */
import { virError } from "../../error.ts";
import type { Controller, ControllerType, UsbModel } from "../device/controller.ts";
import type { Hostdev } from "../device/hostdev.ts";
import type { Devices } from "../device/devices.ts";

const USB2_MODELS: readonly UsbModel[] = ["ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3"];

/** Part of a USB 2 controller, whose parts share one index. */
export const isUsb2 = (controller: Controller): boolean =>
  controller.type === "usb" &&
  controller.model !== undefined &&
  USB2_MODELS.includes(controller.model);

const isPciRoot = (controller: Controller): boolean =>
  controller.type === "pci" &&
  (controller.model === "pci-root" || controller.model === "pcie-root");

/** The smallest index no controller of the kind has. */
export function freeIndex(controllers: readonly Controller[], type: ControllerType): number {
  const taken = new Set(controllers.filter((one) => one.type === type).map(({ index }) => index));
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}

/** Gives an index to controllers without one. */
export function indexControllers(controllers: readonly Controller[]): readonly Controller[] {
  const settled: Controller[] = [...controllers];
  for (const [at, controller] of settled.entries())
    if (controller.index === undefined)
      settled[at] = { ...controller, index: indexFor(controller, settled, at) };
  return settled;
}

function indexFor(controller: Controller, all: readonly Controller[], at: number): number {
  if (isPciRoot(controller)) return 0;
  const group = isUsb2(controller) ? usb2Group(controller, all, at) : undefined;
  return group ?? freeIndex(all, controller.type);
}

/** A part of a USB 2 controller belongs to the parts right before it, unless it is there already. */
function usb2Group(
  controller: Controller,
  all: readonly Controller[],
  at: number,
): number | undefined {
  const before = all[at - 1];
  if (before === undefined || !isUsb2(before) || before.index === undefined) return undefined;
  const parts = all.filter((one) => isUsb2(one) && one.index === before.index);
  const there = parts.some(
    (one) => "model" in one && "model" in controller && one.model === controller.model,
  );
  return there ? undefined : before.index;
}

/** Adds a controller where libvirt puts it: after those of its kind with smaller numbers, before their companions. */
export function insertController(
  controllers: readonly Controller[],
  added: Controller,
): readonly Controller[] {
  let place = -1;
  for (let at = controllers.length - 1; at >= 0; at -= 1) {
    const current = controllers[at];
    if (current?.type !== added.type) continue;
    if (added.index === undefined) {
      place = at + 1;
      break;
    }
    const later = current.index !== undefined && current.index > added.index;
    const companion =
      current.index === added.index && current.master !== undefined && added.master === undefined;
    if (later || companion) place = at;
    else if (place === -1) place = at + 1;
  }
  return place === -1 ? [...controllers, added] : controllers.toSpliced(place, 0, added);
}

/** The controllers with `added` at their end, unless there is one of its kind and index. */
export const ensureController = (
  controllers: readonly Controller[],
  added: Controller,
): readonly Controller[] =>
  controllers.some(({ type, index }) => type === added.type && index === added.index)
    ? controllers
    : [...controllers, added];

type ImplicitType = Exclude<ControllerType, "xenbus" | "isa" | "usb" | "pci">;

/** More than any board has room for; without a limit one wrong address would cost all memory. */
const LAST_CONTROLLER = 1023;

function upTo(type: ImplicitType, last: number): readonly Controller[] {
  if (last > LAST_CONTROLLER)
    throw virError(
      "configUnsupported",
      `there can be no '${type}' controller ${last}, the last one is ${LAST_CONTROLLER}`,
    );
  return Array.from({ length: last + 1 }, (_, index): Controller => ({ type, index }));
}

const DISK_BUSES = ["scsi", "fdc", "ide", "sata"] as const;

/** Controllers that disks, serial channels, smartcards and SCSI devices hang on. */
export function implicitControllers(devices: Devices): readonly Controller[] {
  const { channels = [], consoles = [], smartcards = [] } = devices;
  const lines = [...channels, ...consoles].filter(({ target }) => target?.type === "virtio");
  const needed: readonly Controller[] = [
    ...DISK_BUSES.flatMap((bus) => upTo(bus, lastDriveController(devices, bus))),
    ...lines.map(
      (line): Controller => ({
        type: "virtio-serial",
        index: controllerOf("virtio-serial", line) ?? 0,
      }),
    ),
    ...smartcards.map(
      (card): Controller => ({ type: "ccid", index: controllerOf("ccid", card) ?? 0 }),
    ),
  ];
  return needed.reduce(ensureController, devices.controllers ?? []);
}

/** Controllers of SCSI devices of the host. */
export const scsiControllers = (hostdevs: readonly Hostdev[]): readonly Controller[] =>
  upTo("scsi", last(hostdevs));

interface Addressed {
  readonly address?: { readonly type: string; readonly controller?: number };
}
const controllerOf = (type: string, { address }: Addressed): number | undefined =>
  address?.type === type ? (address.controller ?? 0) : undefined;
const last = (devices: readonly Addressed[]): number =>
  Math.max(-1, ...devices.map((one) => controllerOf("drive", one) ?? -1));
const lastDriveController = ({ disks = [] }: Devices, bus: string): number =>
  last(disks.filter(({ target }) => target?.bus === bus));

const COMPANIONS: Readonly<Partial<Record<UsbModel, number>>> = {
  "ich9-uhci1": 0,
  "ich9-uhci2": 2,
  "ich9-uhci3": 4,
};
/** Companions of the ICH9's USB 2 controller serve fixed ports of it. */
export function settleCompanion(controller: Controller): Controller {
  if (
    controller.type !== "usb" ||
    controller.model === undefined ||
    controller.master !== undefined
  )
    return controller;
  const startPort = COMPANIONS[controller.model];
  return startPort === undefined ? controller : { ...controller, master: { startPort } };
}

/** @throws {VireoError} when two controllers of a kind have one index. */
export function refuseTwins(controllers: readonly Controller[]): void {
  const seen = new Set<string>();
  for (const controller of controllers) {
    if (controller.type === "usb" || controller.index === undefined) continue;
    const key = `${controller.type} ${controller.index}`;
    if (seen.has(key))
      throw virError(
        "xmlError",
        `Multiple '${controller.type}' controllers with index '${controller.index}'`,
      );
    seen.add(key);
  }
}
