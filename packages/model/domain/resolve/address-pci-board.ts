/** Slots that the board itself occupies, and devices that have a fixed or customary place. */
import { virError } from "../../error.ts";
import type { Controller } from "../device/controller.ts";
import type { Domain } from "../domain.ts";
import { isI440fx, isQ35 } from "../machine.ts";
import { PCI, type PciOffer } from "./address-pci-connect.ts";
import { pciAddressOf, videoConnect, wantsPci } from "./address-pci-devices.ts";
import { type Assigned, type PciAddressSet, type Place, placeOf } from "./address-pci-set.ts";

interface Round {
  readonly set: PciAddressSet;
  readonly assigned: Assigned;
  readonly offer: PciOffer;
}
const at = (slot: number, fn = 0): Place => ({ bus: 0, slot, function: fn });

/** @throws {VireoError} when a device of the board has been given another place. */
export function reserveBoard(domain: Domain, round: Round): void {
  if (isI440fx(domain)) reserveI440fx(domain, round);
  else if (isQ35(domain)) reserveQ35(domain, round);
}

function reserveI440fx(domain: Domain, round: Round): void {
  const controllers = domain.devices?.controllers ?? [];
  const ide = controllers.find(({ type, index }) => type === "ide" && index === 0);
  if (ide !== undefined) pin(ide, { place: at(1, 1), what: "Primary IDE controller", round });
  const usb = controllers.find((one) => one.type === "usb" && one.index === 0);
  if (usb?.type === "usb" && (usb.model === undefined || usb.model === "piix3-uhci"))
    pin(usb, { place: at(1, 2), what: "PIIX3 USB controller at index 0", round });
  round.set.take(at(1), PCI);
  placeVideo(domain, { place: at(2), round });
}

interface Pin {
  readonly place: Place;
  readonly what: string;
  readonly round: Round;
}
/** The board has the device at this place and nowhere else. */
function pin(controller: Controller, { place, what, round }: Pin): void {
  const address = pciAddressOf(controller);
  if (address !== undefined && !wantsPci(controller)) {
    const given = placeOf(address);
    if (given.bus !== place.bus || given.slot !== place.slot || given.function !== place.function)
      throw virError(
        "internalError",
        `${what} must have PCI address ${place.bus}:${place.bus}:${place.slot.toString(16)}.${place.function}`,
      );
  } else round.assigned.set(controller, place);
}

function reserveQ35(domain: Domain, round: Round): void {
  const controllers = domain.devices?.controllers ?? [];
  for (const controller of controllers) placeQ35Controller(controller, round);
  round.set.take(at(31), PCI);
  round.set.take(at(31, 3), PCI);
  placeVideo(domain, { place: at(1), round });
  const sound = domain.devices?.sounds?.find((one) => one.model === "ich9" && wantsPci(one));
  if (sound !== undefined && !round.set.slotInUse(at(27))) {
    round.set.take(at(27), PCI);
    round.assigned.set(sound, at(27));
  }
}

function placeQ35Controller(controller: Controller, round: Round): void {
  if (controller.type === "sata" && controller.index === 0) {
    const fresh = wantsPci(controller);
    pin(controller, { place: at(31, 2), what: "Primary SATA controller", round });
    if (fresh) round.set.take(at(31, 2), PCI);
  } else if (controller.type === "usb" && controller.model === "ich9-uhci1" && wantsPci(controller))
    customary(controller, { slots: [29, 26], round });
  else if (
    controller.type === "pci" &&
    controller.model === "dmi-to-pci-bridge" &&
    wantsPci(controller)
  )
    customary(controller, { slots: [30], round });
}

/** Takes the first of the customary slots that is free; otherwise any slot will do later. */
function customary(
  controller: Controller,
  { slots, round }: { slots: readonly number[]; round: Round },
): void {
  const slot = slots.find((one) => !round.set.slotInUse(at(one)));
  if (slot === undefined) return;
  round.set.take(at(slot), PCI);
  round.assigned.set(controller, at(slot));
}

/** QEMU puts the first card into this slot. */
function placeVideo(domain: Domain, { place, round }: { place: Place; round: Round }): void {
  const [video] = domain.devices?.videos ?? [];
  const type = video?.model?.type;
  if (video === undefined || type === "none" || type === "ramfb" || !wantsPci(video)) return;
  if (round.set.slotInUse(place)) {
    round.assigned.set(video, round.set.next(videoConnect(video, round.offer)));
    return;
  }
  round.set.take(place, PCI);
  round.assigned.set(video, place);
}
