/**
 * PCI addresses as libvirt gives them. Two rounds: the first only finds out how many bridges or ports are needed, those
 * are added to the domain, the second assigns.
 */
import { virError } from "../../error.ts";
import { isX86 } from "../arch.ts";
import type { PciAddress } from "../device/address.ts";
import type { Controller, PciModel } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";
import { isQ35 } from "../machine.ts";
import { reserveBoard } from "./address-pci-board.ts";
import { controllerConnect, PCI, PCIE, type PciOffer } from "./address-pci-connect.ts";
import {
  type Addressed,
  pciAddressOf,
  pciDevices,
  pciOffer,
  wantsPci,
  type PciDevice,
} from "./address-pci-devices.ts";
import {
  type Assigned,
  PciAddressSet,
  type Place,
  pciAddress,
  placeOf,
} from "./address-pci-set.ts";
import { isUsb2 } from "./controller-index.ts";
import { nameController, refuseForeign, settlePciTarget } from "./controller-pci.ts";
import type { ResolveFacts } from "./facts.ts";

/**
 * The domain with all PCI addresses, and with the bridges and ports they need.
 * @throws {VireoError} for addresses that do not fit or are used twice.
 */
export function addressPci(domain: Domain, facts: ResolveFacts): Domain {
  const roots = (domain.devices?.controllers ?? []).filter(({ type }) => type === "pci");
  if (roots.length === 0) return withoutPci(domain, facts);
  refuseForeign(domain);
  const bridged = addBridges(domain, facts);
  const { set, assigned } = assign(bridged, { grows: false, facts });
  return withAddresses(bridged, { set, assigned });
}

/** @throws {VireoError} when a PC without PCI has devices that need it. */
function withoutPci(domain: Domain, facts: ResolveFacts): Domain {
  const needed = pciDevices(domain, pciOffer(domain, facts)).some(({ device }) => wantsPci(device));
  if (needed && isX86(domain.os?.type?.arch)) throw virError("xmlError", "No PCI buses available");
  return domain;
}

/** First round. */
function addBridges(domain: Domain, facts: ResolveFacts): Domain {
  const highest = Math.max(...pciControllers(domain).map(({ index = 0 }) => index));
  const { set } = assign(domain, { grows: true, facts });
  let controllers = withBuses(domain.devices?.controllers ?? [], { set, facts });
  if (highest === 0 && set.buses.length > 1 && isQ35(domain)) {
    // the definition leaves PCI to us: a spare port, for a device that is added while the guest runs
    set.next(PCIE);
    controllers = withBuses(controllers, { set, facts });
  }
  return {
    ...domain,
    devices: {
      ...domain.devices,
      controllers: controllers.map((one) => nameController(one, facts)),
    },
  };
}

/** Adds controllers for buses that were invented; each needs a place itself, which may need another. */
function withBuses(
  known: readonly Controller[],
  { set, facts }: { readonly set: PciAddressSet; readonly facts: ResolveFacts },
): readonly Controller[] {
  let controllers = known;
  for (let index = 1; index < set.buses.length; index += 1) {
    const model = set.buses[index]?.model;
    if (model === undefined || controllers.some((one) => one.type === "pci" && one.index === index))
      continue;
    const added: Controller = nameController({ type: "pci", index, model }, facts);
    controllers = [...controllers, added];
    // the bridge we add ourselves gets a port of its own when no port is left
    const connect = model === "pcie-to-pci-bridge" ? PCIE : controllerConnect(added, pciOnly);
    set.next(connect ?? PCI);
  }
  return controllers;
}

type PciController = Extract<Controller, { type: "pci" }>;
const pciControllers = (domain: Domain): readonly PciController[] =>
  (domain.devices?.controllers ?? []).filter((one) => one.type === "pci");

function busModels(domain: Domain): readonly (readonly [PciModel, boolean])[] {
  const controllers = pciControllers(domain);
  const missing: PciModel = isQ35(domain) ? "pcie-root-port" : "pci-bridge";
  const count = Math.max(...controllers.map(({ index = 0 }) => index)) + 1;
  return Array.from({ length: count }, (_, index) => {
    const controller = controllers.find((one) => one.index === index);
    return [
      controller?.model ?? missing,
      controller?.model === "pci-root" || controller?.target?.hotplug !== false,
    ];
  });
}

/** PCI controllers are connected by their own kind. */
const pciOnly: PciOffer = { express: PCI, virtio: PCI };

interface Round {
  readonly set: PciAddressSet;
  readonly assigned: Assigned;
}

interface AssignOptions {
  readonly grows: boolean;
  readonly facts: ResolveFacts;
}
function assign(domain: Domain, { grows, facts }: AssignOptions): Round {
  const modernBridge = facts.capabilities.has("pcie-pci-bridge");
  const round: Round = {
    set: new PciAddressSet(busModels(domain), { grows, modernBridge }),
    assigned: new Map(),
  };
  const offer = pciOffer(domain, facts);
  const devices = [...bridges(domain), ...pciDevices(domain, offer)];
  claim(devices, { ...round, domain });
  reserveBoard(domain, { ...round, offer });
  if (grows && !isQ35(domain) && !round.set.full) round.set.next(PCI);
  fill(devices, { ...round, domain });
  return round;
}

/** PCI controllers that are devices on another bus. */
const bridges = (domain: Domain): readonly PciDevice[] =>
  pciControllers(domain).flatMap((device) => {
    const connect = controllerConnect(device, pciOnly);
    return connect === undefined ? [] : [{ device, connect }];
  });

interface DomainRound extends Round {
  readonly domain: Domain;
}

/** Takes the addresses of the definition. */
function claim(devices: readonly PciDevice[], { set, domain }: DomainRound): void {
  for (const { device, connect } of devices) {
    const address = pciAddressOf(device);
    if (address === undefined || wantsPci(device)) continue;
    if (!isBoardFunction(device, address)) set.claim(address, connect);
    else if (isQ35(domain))
      throw virError(
        "internalError",
        "Bus 0 must be PCI for integrated PIIX3 USB or IDE controllers",
      );
  }
}

/** Gives the others a place. */
function fill(devices: readonly PciDevice[], round: DomainRound): void {
  for (const { device, connect } of devices)
    if (wantsPci(device) && !round.assigned.has(device))
      round.assigned.set(device, usb2Place(device, round) ?? round.set.next(connect));
}

/** The first IDE controller and the board's own USB controller sit in the PIIX3, whose slot is reserved as a whole. */
function isBoardFunction(device: Addressed, { bus, slot, function: fn }: PciAddress): boolean {
  const controller: Partial<Controller> = device;
  if (bus !== 0 || slot !== 1 || controller.index !== 0) return false;
  if (controller.type === "ide") return fn === 1;
  return (
    controller.type === "usb" &&
    fn === 2 &&
    (controller.model === undefined || controller.model === "piix3-uhci")
  );
}

const USB2_FUNCTIONS: Readonly<Record<string, number>> = {
  "ich9-uhci1": 0,
  "ich9-uhci2": 1,
  "ich9-uhci3": 2,
  "ich9-ehci1": 7,
};

/** Parts of a USB 2 controller share a slot, each with its own function. */
function usb2Place(device: Addressed, { set, assigned, domain }: DomainRound): Place | undefined {
  const controllers = domain.devices?.controllers ?? [];
  const controller = controllers.find((one) => one === device);
  if (controller?.type !== "usb" || !isUsb2(controller)) return undefined;
  const fn = USB2_FUNCTIONS[controller.model ?? ""] ?? 0;
  const sibling = controllers.filter(
    (one) => one !== device && isUsb2(one) && one.index === controller.index,
  );
  const known = sibling
    .map((one) => assigned.get(one) ?? placed(one))
    .find((place) => place !== undefined);
  if (known === undefined) return set.next(PCI, fn);
  const place = { ...known, function: fn };
  set.take(place, PCI);
  return place;
}
function placed(device: Addressed): Place | undefined {
  const address = pciAddressOf(device);
  return address === undefined || wantsPci(device) ? undefined : placeOf(address);
}

function withAddresses(domain: Domain, { set, assigned }: Round): Domain {
  const devices = domain.devices ?? {};
  const on = <D extends Addressed>(device: D): D => addressed(device, { set, assigned });
  const onAll = <D extends Addressed>(all: readonly D[] = []): readonly D[] => all.map(on);
  const maybe = <D extends Addressed>(device: D | undefined): D | undefined =>
    device === undefined ? undefined : on(device);
  const memballoon = maybe(devices.memballoon);
  const vsock = maybe(devices.vsock);
  const iommu = maybe(devices.iommu);
  const all: Devices = {
    ...devices,
    disks: onAll(devices.disks),
    controllers: onAll(devices.controllers),
    filesystems: onAll(devices.filesystems),
    interfaces: onAll(devices.interfaces),
    serials: onAll(devices.serials),
    inputs: onAll(devices.inputs),
    sounds: onAll(devices.sounds),
    videos: onAll(devices.videos),
    hostdevs: onAll(devices.hostdevs),
    watchdogs: onAll(devices.watchdogs),
    rngs: onAll(devices.rngs),
    shmems: onAll(devices.shmems),
    memories: onAll(devices.memories),
    ...(memballoon === undefined ? {} : { memballoon }),
    ...(vsock === undefined ? {} : { vsock }),
    ...(iommu === undefined ? {} : { iommu }),
  };
  return { ...domain, devices: { ...all, controllers: settlePciTarget(all.controllers ?? []) } };
}

/** Stands for a whole USB 2 controller, even when it is alone. */
function isFirstUsb2Part(device: Addressed): boolean {
  const controller: Partial<Controller> = device;
  return controller.type === "usb" && controller.model === "ich9-uhci1";
}

function addressed<D extends Addressed>(device: D, { set, assigned }: Round): D {
  const given = pciAddressOf(device);
  const place = assigned.get(device) ?? placed(device);
  if (place === undefined) return device;
  const shared = set.shared(place) || (assigned.has(device) && isFirstUsb2Part(device));
  const multifunction = place.function === 0 && given?.multifunction === undefined && shared;
  const address = {
    ...given,
    ...pciAddress(place),
    ...(multifunction ? { multifunction: true } : {}),
  };
  return { ...device, address };
}
