/** PCI slots that are taken and free. Lives while the addresses of one domain are assigned. */
import { virError } from "../../error.ts";
import type { PciAddress } from "../device/address.ts";
import type { PciModel } from "../device/controller.ts";
import {
  CONNECT_NAMES,
  PCI_BUSES,
  type PciBusKind,
  type PciConnect,
  type PciKind,
} from "./address-pci-connect.ts";

const SLOTS = 32;
const FUNCTIONS = 8;
const MAX_BUSES = 256;

interface Slot {
  /** One bit for each function in use. */
  functions: number;
  aggregate: boolean;
}
export interface PciBus {
  readonly model: PciModel;
  readonly kind: PciBusKind;
  readonly slots: readonly Slot[];
}

/** Addresses given so far, by identity of the device's value. */
export type Assigned = Map<object, Place>;

export interface Place {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
export const placeOf = ({ bus = 0, slot = 0, function: fn = 0 }: PciAddress): Place => ({
  bus,
  slot,
  function: fn,
});
/** `0000:01:00.0` */
export const pciName = (place: Place, domain = 0): string =>
  `${hex(domain, 4)}:${hex(place.bus, 2)}:${hex(place.slot, 2)}.${place.function}`;
export const pciAddress = (place: Place): PciAddress => ({
  type: "pci",
  domain: 0,
  bus: place.bus,
  slot: place.slot,
  function: place.function,
});

export interface PciSetOptions {
  /** New buses may be invented: the round that finds out how many bridges are needed. */
  readonly grows: boolean;
  /** QEMU has a bridge from Express to PCI that allows hotplug. */
  readonly modernBridge: boolean;
}

export class PciAddressSet {
  readonly #buses: PciBus[] = [];
  /** New buses may be invented: the round that finds out how many bridges are needed. */
  readonly #grows: boolean;
  readonly #express: boolean;
  readonly #modernBridge: boolean;

  constructor(
    models: readonly (readonly [PciModel, boolean])[],
    { grows, modernBridge }: PciSetOptions,
  ) {
    this.#grows = grows;
    this.#modernBridge = modernBridge;
    this.#express = models[0]?.[0] === "pcie-root";
    for (const [model, hotplug] of models) this.#add(model, hotplug);
  }

  get buses(): readonly PciBus[] {
    return this.#buses;
  }

  /** Every slot of every bus has a device. */
  get full(): boolean {
    return this.#buses.every(({ kind, slots }) =>
      slots.every(({ functions }, at) => functions !== 0 || at < kind.minSlot || at > kind.maxSlot),
    );
  }

  slotInUse({ bus, slot }: Place): boolean {
    return (this.#buses[bus]?.slots[slot]?.functions ?? 0) !== 0;
  }

  /** Several functions of the slot are in use. */
  shared({ bus, slot }: Place): boolean {
    return (this.#buses[bus]?.slots[slot]?.functions ?? 0) > 1;
  }

  /** Takes an address of the definition. @throws {VireoError} when it does not exist, does not fit, or is taken. */
  claim(address: PciAddress, connect: PciConnect): void {
    const place = placeOf(address);
    const name = pciName(place, address.domain);
    if ((address.domain ?? 0) !== 0)
      throw virError("xmlError", `Invalid PCI address ${name}. Only PCI domain 0 is available`);
    if (this.#grows) this.#growTo(place.bus, connect);
    this.#refuseUnfit(place, { connect, name });
    this.#take(place, connect);
  }

  /** Takes a place the board prescribes, whatever the bus is said to accept. */
  take(place: Place, connect: PciConnect): void {
    this.#take(place, connect);
  }

  /**
   * Takes the first free slot, or `fn` of it; with `aggregate` also a free function of a slot shared by others of the kind.
   * @throws {VireoError} when all are taken.
   */
  next(connect: PciConnect, fn?: number): Place {
    const found = this.#find(connect, fn, 0);
    if (found !== undefined) return this.#take(found, connect);
    if (!this.#grows) throw virError("internalError", "No more available PCI slots");
    const from = this.#buses.length;
    this.#growTo(from, connect);
    const place = this.#find(connect, fn, from);
    if (place === undefined) throw virError("internalError", "No more available PCI slots");
    return this.#take(place, connect);
  }

  #find(connect: PciConnect, fn: number | undefined, from: number): Place | undefined {
    for (let bus = from; bus < this.#buses.length; bus += 1) {
      const at = this.#buses[bus];
      if (at === undefined || !fits(connect, at.kind)) continue;
      if (connect.integrated === true && bus !== 0) continue;
      const place = freeOn(at, connect, fn);
      if (place !== undefined) return { bus, ...place };
    }
    return undefined;
  }

  #take(place: Place, connect: PciConnect): Place {
    const slot = this.#buses[place.bus]?.slots[place.slot];
    const name = pciName(place);
    if (slot === undefined) throw virError("xmlError", `Invalid PCI address ${name}`);
    const bit = 1 << place.function;
    if ((slot.functions & bit) !== 0)
      throw virError("xmlError", `Attempted double use of PCI Address ${name}`);
    const aggregate = connect.aggregate === true;
    slot.aggregate = slot.functions === 0 ? aggregate : slot.aggregate && aggregate;
    slot.functions |= bit;
    return place;
  }

  #refuseUnfit(place: Place, { connect, name }: { connect: PciConnect; name: string }): void {
    const bus = this.#buses[place.bus];
    if (bus === undefined)
      throw virError(
        "xmlError",
        this.#buses.length === 0
          ? "No PCI buses available"
          : `Invalid PCI address ${name}. Only PCI buses up to ${this.#buses.length - 1} are available`,
      );
    if (connect.integrated === true && place.bus !== 0)
      throw virError(
        "xmlError",
        `The device at PCI address ${name} needs to be an integrated device (bus=0)`,
      );
    if (!fitsByHand(connect, bus.kind))
      throw virError(
        "xmlError",
        `The device at PCI address ${name} cannot be plugged into the PCI controller with index='${place.bus}'. It requires a controller that accepts a ${CONNECT_NAMES[connect.kind]}.`,
      );
    if (place.slot < bus.kind.minSlot)
      throw virError(
        "xmlError",
        `Invalid PCI address ${name}. slot must be >= ${bus.kind.minSlot}`,
      );
    if (place.slot > bus.kind.maxSlot)
      throw virError(
        "xmlError",
        `Invalid PCI address ${name}. slot must be <= ${bus.kind.maxSlot}`,
      );
    if (place.function >= FUNCTIONS)
      throw virError("xmlError", `Invalid PCI address ${name}. function must be <= 7`);
  }

  #growTo(bus: number, connect: PciConnect): void {
    if (bus < this.#buses.length) return;
    if (bus >= MAX_BUSES) throw virError("internalError", "No more available PCI slots");
    const bridges = this.#buses.some(({ kind }) => kind.accepts.includes("pci-bridge"));
    if (this.#express && connect.kind === "pci" && !bridges) {
      this.#addBridge();
      return;
    }
    refuseGrowth(connect.kind);
    const legacy = connect.kind === "pci" || connect.kind === "pci-bridge";
    const model: PciModel = legacy ? "pci-bridge" : "pcie-root-port";
    while (this.#buses.length <= bus) this.#add(model, true);
  }

  /** From Express to PCI: the older bridge allows no hotplug, so another one goes behind it. */
  #addBridge(): void {
    const [first, second]: readonly [PciModel, PciModel] = this.#modernBridge
      ? ["pcie-root-port", "pcie-to-pci-bridge"]
      : ["dmi-to-pci-bridge", "pci-bridge"];
    this.#add(first, true);
    this.#add(second, true);
  }

  #add(model: PciModel, hotplug: boolean): void {
    const kind = PCI_BUSES[model];
    const slots = Array.from({ length: SLOTS }, (): Slot => ({ functions: 0, aggregate: false }));
    this.#buses.push({ model, kind: { ...kind, hotplug: kind.hotplug && hotplug }, slots });
  }
}

/** Kinds for which a bus can be added. */
const GROWABLE: readonly PciKind[] = ["pci", "pcie", "pci-bridge", "upstream-port"];
/** libvirt's numbers of kinds it has no words for. */
const FLAGS: ReadonlyMap<PciKind, string> = new Map([
  ["none", "00"],
  ["pcie-to-pci-bridge", "2000"],
]);

function refuseGrowth(kind: PciKind): void {
  if (GROWABLE.includes(kind)) return;
  const flags = FLAGS.get(kind);
  throw virError(
    "internalError",
    flags === undefined
      ? `a PCI slot is needed to connect a PCI controller model='${CONNECT_NAMES[kind]}', but none is available, and it cannot be automatically added`
      : `Cannot automatically add a new PCI bus for a device with connect flags ${flags}`,
  );
}

const fits = ({ kind, hotplug }: PciConnect, bus: PciBusKind): boolean =>
  bus.accepts.includes(kind) && (hotplug !== true || bus.hotplug);

const ENDPOINTS = ["pci", "pcie"] as const;
/** An address given by hand may put a PCI device where an Express device goes, and the other way round. */
function fitsByHand({ kind }: PciConnect, { accepts }: PciBusKind): boolean {
  const endpoint = ENDPOINTS.some((one) => one === kind);
  return accepts.includes(kind) || (endpoint && ENDPOINTS.some((one) => accepts.includes(one)));
}

function freeOn(
  { kind, slots }: PciBus,
  connect: PciConnect,
  fn: number | undefined,
): Omit<Place, "bus"> | undefined {
  for (let slot = kind.minSlot; slot <= kind.maxSlot; slot += 1) {
    const { functions, aggregate } = slots[slot] ?? { functions: 0xff, aggregate: false };
    if (functions === 0) return { slot, function: fn ?? 0 };
    if (connect.aggregate !== true || !aggregate) continue;
    for (let free = 0; free < FUNCTIONS; free += 1)
      if ((functions & (1 << free)) === 0) return { slot, function: free };
  }
  return undefined;
}
