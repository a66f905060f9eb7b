/** The running configuration with a device more or less, and what that asks of QEMU. Pure. */
import { virError } from "@vireo/model/error";
import {
  addDevice,
  devicesOf,
  replaceDevice,
  type DevicePlace,
} from "@vireo/model/domain/device/change-devices";
import type { DeviceKind, DeviceOf, KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import { orderDisks } from "@vireo/model/domain/resolve/device-defaults-disk";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { chainLength } from "@vireo/qemu/block/node-ids";
import { nodeIdsOf, withNodeIds } from "@vireo/qemu/block/disk-node-ids";
import type { LiveDomain } from "./domain-view.ts";
import { lastNodeOf } from "./live-disk.ts";

export interface LiveAddition {
  readonly config: ResolvedDomain;
  readonly place: DevicePlace;
  /** Leases have none. */
  readonly alias: string;
  /** As it is when the controllers are there, and the device is not yet. */
  readonly withControllers: ResolvedDomain;
  /** Controllers that must come first. */
  readonly controllers: readonly DevicePlace[];
  /** Numbers of the block nodes of a disk. */
  readonly nodeIds: readonly number[];
}

/** What tells which numbers of block nodes are free. */
type Numbered = Pick<LiveDomain, "config" | "lastNode">;

/** Prefixes of aliases that are counted; the others follow from the device's place. */
const COUNTED: Partial<Readonly<Record<DeviceKind, string>>> = {
  interfaces: "net",
  rngs: "rng",
  inputs: "input",
  channels: "channel",
  redirdevs: "redir",
  shmems: "shmem",
  watchdogs: "watchdog",
  hostdevs: "hostdev",
  serials: "serial",
  parallels: "parallel",
  filesystems: "fs",
};

interface Aliased {
  readonly alias?: { readonly name: string };
}
/** Leases and sound back ends only have no alias. */
const aliasIn = (device: object): Aliased => device;

const listOf = ({ devices }: ResolvedDomain, kind: DeviceKind): readonly Aliased[] =>
  devicesOf(devices, kind).map(aliasIn);

/** A number above all that are in use: a device that is gone may still be known to somebody. */
function counted(siblings: readonly Aliased[], prefix: string, least = 0): string {
  const numbers = siblings.map(({ alias }) =>
    alias?.name.startsWith(prefix) === true ? Number(alias.name.slice(prefix.length)) : -1,
  );
  return `${prefix}${Math.max(least - 1, ...numbers.filter(Number.isSafeInteger)) + 1}`;
}

/** Cards of the host are counted with its other devices. */
function freeAlias(config: ResolvedDomain, { kind, device }: KindedDevice): string | undefined {
  // the first may go by the name of a serial port, and its number is not given again
  if (kind === "consoles")
    return counted(listOf(config, kind), "console", listOf(config, kind).length);
  const assigned = kind === "interfaces" && device.type === "hostdev";
  const prefix = assigned ? COUNTED.hostdevs : COUNTED[kind];
  if (prefix === undefined) return undefined;
  const others = prefix === COUNTED.hostdevs ? listOf(config, "interfaces") : [];
  return counted([...others, ...listOf(config, assigned ? "hostdevs" : kind)], prefix);
}

/**
 * Places of what the board got with the device, which must be what QEMU can add while it runs.
 * @throws VireoError `internalError`, `operationUnsupported`
 */
function newBuses(before: ResolvedDomain, after: ResolvedDomain): readonly DevicePlace[] {
  const known = new Set(before.devices.controllers?.map(({ alias }) => alias?.name));
  const added = (after.devices.controllers ?? []).flatMap((controller, index) =>
    known.has(controller.alias?.name) ? [] : [{ controller, index }],
  );
  const other = added.find(({ controller }) => controller.type !== "scsi")?.controller;
  if (other?.type === "pci") throw virError("internalError", "No more available PCI slots");
  if (other !== undefined)
    throw virError("operationUnsupported", `no ${other.type} controller is there for the device`);
  return added.map(({ index }) => ({ kind: "controllers", index }));
}

/** No number that a block node of this QEMU ever had is given again. */
export const freeNodeIds = (live: Numbered, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => lastNodeOf(live) + 1 + i);

/**
 * The configuration with the device in a free place, named and numbered.
 * @throws VireoError when there is no place for it
 */
export function withLiveDevice(
  live: Numbered,
  added: KindedDevice,
  facts: ResolveFacts,
): LiveAddition {
  const { config } = live;
  const { kind } = added;
  if (kind === "leases") return withLease(config, added);
  const alias = aliasIn(added.device).alias?.name ?? freeAlias(config, added);
  const device = alias === undefined ? added.device : { ...added.device, alias: { name: alias } };
  const unnamed = resolveDomain(addDevice(config, { kind, device } as KindedDevice), facts);
  const named = nameDevices(unnamed);
  const index = listOf(unnamed, kind).findLastIndex((one) => one.alias?.name === alias);
  const complete = devicesOf(named.devices, kind)[index];
  const name = complete === undefined ? undefined : aliasIn(complete).alias?.name;
  if (complete === undefined || name === undefined)
    throw virError("internalError", `the new device got no name`);
  const placed = kind === "consoles" ? withOwnPort(complete, added.device) : complete;
  const buses = newBuses(config, named).filter(
    (place) => kind !== "controllers" || place.index !== index,
  );
  const withBuses = buses.reduce((grown, bus) => graft(grown, named, bus), config);
  // resolving is for definitions: what runs keeps its ports, terminals and names
  const grown = inOrder(addDevice(withBuses, { kind, device: placed } as KindedDevice));
  return numbered(live, {
    config: grown,
    withControllers: withBuses,
    place: { kind, index: devicesOf(grown.devices, kind).indexOf(placed) },
    alias: name,
    nodeIds: [],
    controllers: buses.map((_, i) => ({
      kind: "controllers",
      index: (config.devices.controllers ?? []).length + i,
    })),
  });
}

/** The addition with the device as the host has it, when it is one of the host's. */
export function withAssignedDevice(
  addition: LiveAddition,
  { kind, device }: KindedDevice,
): LiveAddition {
  if (kind !== "hostdevs" && kind !== "interfaces") return addition;
  const { config, place } = addition;
  return {
    ...addition,
    config: replaceDevice(config, { kind, device } as KindedDevice, place.index),
  }; // taken apart above
}

/** Consoles of a definition are counted; one that comes later keeps the number it was given, or 0. */
const withOwnPort = (complete: object, { target: given }: DeviceOf<"consoles">): object => {
  const { target }: Pick<DeviceOf<"consoles">, "target"> = complete;
  return { ...complete, target: { ...target, port: given?.port ?? 0 } };
};

/** Disks stand in the order of their names. */
function inOrder(config: ResolvedDomain): ResolvedDomain {
  const { disks } = config.devices;
  return disks === undefined
    ? config
    : { ...config, devices: { ...config.devices, disks: orderDisks(disks) } };
}

const graft = (to: ResolvedDomain, from: ResolvedDomain, { kind, index }: DevicePlace) =>
  addDevice(to, { kind, device: devicesOf(from.devices, kind)[index] } as KindedDevice);

function withLease(before: ResolvedDomain, added: KindedDevice): LiveAddition {
  const config = addDevice(before, added);
  const place = lastOf(config, added.kind);
  return { config, withControllers: before, place, alias: "", nodeIds: [], controllers: [] };
}

const lastOf = ({ devices }: ResolvedDomain, kind: DeviceKind): DevicePlace => ({
  kind,
  index: devicesOf(devices, kind).length - 1,
});

function numbered(live: Numbered, addition: LiveAddition): LiveAddition {
  const { config, place } = addition;
  const { disks } = config.devices;
  const disk = place.kind === "disks" ? disks?.[place.index] : undefined;
  if (disk === undefined || disks === undefined) return addition;
  const nodeIds = freeNodeIds(live, chainLength(disk));
  const renumbered = disks.map((one, i) => (i === place.index ? withNodeIds(one, nodeIds) : one));
  return {
    ...addition,
    nodeIds,
    config: { ...config, devices: { ...config.devices, disks: renumbered } },
  };
}

/** As the rules of definitions expect it: a running console may share its name with a serial port. */
export function asDefinition(config: ResolvedDomain): ResolvedDomain {
  const consoles = config.devices.consoles?.map(({ alias: _shared, ...rest }) => rest);
  return consoles === undefined
    ? config
    : ({ ...config, devices: { ...config.devices, consoles } } as ResolvedDomain); // only aliases went
}

/** Numbers of the block nodes of a device that runs. */
export const liveNodeIds = (
  { devices }: ResolvedDomain,
  { kind, index }: DevicePlace,
): readonly number[] => {
  const disk = kind === "disks" ? devices.disks?.[index] : undefined;
  return disk === undefined ? [] : nodeIdsOf(disk);
};
