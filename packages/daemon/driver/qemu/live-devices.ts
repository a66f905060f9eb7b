/** The running configuration with a device more or less, and what that asks of QEMU. Pure. */
import { virError } from "@vireo/model/error";
import { addDevice, type DevicePlace } from "@vireo/model/domain/device/change-devices";
import type { DeviceKind, KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { chainLength } from "@vireo/qemu/block/node-ids";
import { nodeIdsOf, withNodeIds } from "@vireo/qemu/block/disk-node-ids";

export interface LiveAddition {
  readonly config: ResolvedDomain;
  readonly place: DevicePlace;
  readonly alias: string;
  /** Numbers of the block nodes of a disk. */
  readonly nodeIds: readonly number[];
}

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
  videos: "video",
  sounds: "sound",
};

interface Aliased {
  readonly alias?: { readonly name: string };
}
/** Leases and sound back ends only have no alias. */
const aliasIn = (device: object): Aliased => device;

const listOf = ({ devices }: ResolvedDomain, kind: DeviceKind): readonly Aliased[] =>
  (devices[kind] ?? []).map(aliasIn);

/** A number above all that are in use: a device that is gone may still be known to somebody. */
function counted(config: ResolvedDomain, kind: DeviceKind, prefix: string): string {
  const numbers = listOf(config, kind).map(({ alias }) =>
    alias?.name.startsWith(prefix) === true ? Number(alias.name.slice(prefix.length)) : -1,
  );
  return `${prefix}${Math.max(-1, ...numbers.filter(Number.isSafeInteger)) + 1}`;
}

/** What the board got with the device must not be what QEMU cannot add while it runs. */
function refuseNewBuses(before: ResolvedDomain, after: ResolvedDomain): void {
  const known = before.devices.controllers?.length ?? 0;
  const controllers = after.devices.controllers ?? [];
  if (controllers.length === known) return;
  const added = controllers.filter(({ alias }) => alias === undefined);
  throw added.some(({ type }) => type === "pci")
    ? virError("internalError", "No more available PCI slots")
    : virError(
        "operationUnsupported",
        `no ${added[0]?.type ?? ""} controller is there for the device`,
      );
}

export const freeNodeIds = ({ devices }: ResolvedDomain, count: number): readonly number[] => {
  const first = Math.max(0, ...(devices.disks ?? []).flatMap(nodeIdsOf)) + 1;
  return Array.from({ length: count }, (_, i) => first + i);
};

/**
 * The configuration with the device in a free place, named and numbered.
 * @throws VireoError when there is no place for it
 */
export function withLiveDevice(
  config: ResolvedDomain,
  added: KindedDevice,
  facts: ResolveFacts,
): LiveAddition {
  const { kind } = added;
  const prefix = COUNTED[kind];
  const { alias: given } = aliasIn(added.device);
  const alias = given?.name ?? (prefix === undefined ? undefined : counted(config, kind, prefix));
  const device = alias === undefined ? added.device : { ...added.device, alias: { name: alias } };
  const grown = resolveDomain(addDevice(config, { kind, device } as KindedDevice), facts);
  refuseNewBuses(config, grown);
  const index = listOf(grown, kind).findIndex((one) => one.alias?.name === alias);
  const named = nameDevices(grown);
  const name = listOf(named, kind)[index]?.alias?.name;
  if (name === undefined) throw virError("internalError", `the new device got no name`);
  return numbered({ config: named, place: { kind, index }, alias: name, nodeIds: [] });
}

function numbered(addition: LiveAddition): LiveAddition {
  const { config, place } = addition;
  const { disks } = config.devices;
  const disk = place.kind === "disks" ? disks?.[place.index] : undefined;
  if (disk === undefined || disks === undefined) return addition;
  const nodeIds = freeNodeIds(config, chainLength(disk));
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
