/** The driver's operations on the throughput of disks, by QEMU, and of the host's devices, by control groups. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import {
  refuseLowBurst,
  refuseTuneConflict,
  hasMedium,
  shortened,
  throttleArguments,
  throttleId,
  TUNE_KEYS,
  withoutZeros,
  type IoTune,
} from "@vireo/qemu/block/throttle";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";
import type { Undo } from "../undo.ts";
import { changeDomain, configOf, targetsOf, type DomainChange } from "./change-domain.ts";
import { known, type Known } from "./known.ts";
import { cgroupOf, readWeight, setDeviceLimit, setWeight, type DeviceLimit } from "./resources.ts";

type TuneChange = OperationInput<"domain", "setBlockIoTune">;

const pathOf = (disk: Disk): string | undefined => {
  const { source } = disk;
  if (source === undefined) return undefined;
  if ("file" in source) return source.file;
  return "dev" in source ? source.dev : undefined;
};

const indexOf = ({ devices: { disks = [] } }: ResolvedDomain, name: string): number =>
  disks.findIndex((disk) => disk.target?.dev === name || pathOf(disk) === name);

/** The same disk, with other limits. */
function withTune(config: ResolvedDomain, index: number, tune: IoTune): ResolvedDomain {
  const disks = (config.devices.disks ?? []).map((disk, at): Disk => {
    if (at !== index) return disk;
    const { iotune: _old, ...rest } = disk;
    return Object.keys(tune).length === 0 ? (rest as Disk) : { ...disk, iotune: tune };
  });
  return { ...config, devices: { ...config.devices, disks } };
}

/** A total and its parts are one: a call that names one of them says all three (libvirt's rule). */
function merged(before: IoTune, change: TuneChange): IoTune {
  const named = TUNE_KEYS.filter((key) => change[key] !== undefined);
  const said = new Set(named.map(kindOf));
  const stays = Object.entries(before).filter(([key]) => !said.has(kindOf(key)));
  const next = withoutZeros({
    ...Object.fromEntries(stays),
    ...Object.fromEntries(named.map((key) => [key, change[key]])),
  });
  return { ...next, ...shortened(before, next) };
}
const kindOf = (key: string): string => key.replace(/^(total|read|write)/, "");

const diskAt = (config: ResolvedDomain, index: number): Disk => {
  const disk = config.devices.disks?.[index];
  if (disk === undefined) throw virError("internalError", `there is no disk ${index}`);
  return disk;
};

const setBlockIoTune = (definitions: Definitions, input: TuneChange): Promise<void> =>
  changeDomain(
    definitions,
    ["setBlockIoTune", input],
    ({ actor, live, definition }): DomainChange => {
      const { device } = input;
      refuseTuneConflict(input);
      const liveAt = live === undefined ? -1 : indexOf(live.config, device);
      if (live !== undefined && liveAt < 0)
        throw virError("invalidArg", `disk '${device}' not found in domain`);
      const storedAt = definition === undefined ? -1 : indexOf(definition, device);
      if (definition !== undefined && storedAt < 0)
        throw virError("invalidArg", `missing persistent configuration for disk '${device}'`);
      return {
        ...(definition && {
          definition: withTune(
            definition,
            storedAt,
            merged(diskAt(definition, storedAt).iotune ?? {}, input),
          ),
        }),
        ...(live && {
          live: async (undo: Undo): Promise<Known> => {
            const disk = diskAt(live.config, liveAt);
            const before = disk.iotune ?? {};
            const next = grouped(disk, merged(before, input));
            refuseLowBurst(next);
            const set = (tune: IoTune): Promise<unknown> =>
              actor.ask("block_set_io_throttle", throttleArguments(throttleId(disk), tune));
            if (hasMedium(disk)) {
              await set(next);
              undo.add("throttle", () => set(before));
            }
            return known((config) => withTune(config, indexOf(config, device), next));
          },
        }),
      };
    },
  );

/** QEMU names the group of a disk that is limited alone after the disk. */
const grouped = (disk: Disk, tune: IoTune): IoTune => {
  const { groupName, ...limits } = tune;
  if (Object.keys(limits).length === 0) return groupName === undefined ? {} : { groupName };
  const own = groupName ?? throttleId(disk);
  return own === throttleId(disk) ? limits : { ...limits, groupName: own };
};

function blockIoTune(
  config: ResolvedDomain,
  { device, isLive }: { device: string; isLive: boolean },
): OperationOutput<"domain", "blockIoTune"> {
  const at = indexOf(config, device);
  if (at < 0)
    throw virError(
      "invalidArg",
      isLive
        ? `disk '${device}' not found in domain`
        : `disk '${device}' was not found in the domain config`,
    );
  const disk = diskAt(config, at);
  const tune = disk.iotune ?? {};
  const isLimited = Object.keys(tune).some((key) => key !== "groupName");
  return {
    ...tune,
    ...(isLive && isLimited ? { groupName: tune.groupName ?? throttleId(disk) } : {}),
  };
}

type BlkioChange = OperationInput<"domain", "setBlkioTune">;
type BlkioDevice = NonNullable<NonNullable<ResolvedDomain["blkiotune"]>["devices"]>[number];

function withBlkio(config: ResolvedDomain, { weight, devices = [] }: BlkioChange): ResolvedDomain {
  const { blkiotune = {}, ...rest } = config;
  const all = new Map((blkiotune.devices ?? []).map((one) => [one.path, one]));
  for (const device of devices) {
    const next = Object.entries({ ...all.get(device.path), ...device });
    const kept = Object.fromEntries(next.filter(([, value]) => value !== 0 && value !== undefined));
    all.set(device.path, { ...kept, path: device.path });
  }
  const kept: readonly BlkioDevice[] = [...all.values()].filter(
    (one) => Object.keys(one).length > 1,
  );
  const tune = {
    ...blkiotune,
    ...(weight === undefined ? {} : { weight }),
    devices: kept,
  };
  const { devices: _none, ...alone } = tune;
  const next = kept.length === 0 ? alone : tune;
  return Object.keys(next).length === 0 ? rest : { ...rest, blkiotune: next };
}

const DEVICE_LIMITS = ["readIopsSec", "writeIopsSec", "readBytesSec", "writeBytesSec"] as const;

async function setLiveBlkio(
  env: QemuEnvironment,
  { live, change }: { live: LiveDomain; change: BlkioChange },
  undo: Undo,
): Promise<Known> {
  const group = cgroupOf(env, live);
  const { root } = env.cgroups;
  const known_ = new Map((live.config.blkiotune?.devices ?? []).map((one) => [one.path, one]));
  if (change.weight !== undefined) {
    const before = await readWeight(group);
    await setWeight(group, change.weight);
    undo.add("weight", () => setWeight(group, before));
  }
  for (const device of change.devices ?? []) {
    const { path } = device;
    if (device.weight !== undefined)
      throw virError("operationInvalid", "blkio device weight is valid only for cfq scheduler");
    const set = (limit: DeviceLimit, value: number): Promise<void> =>
      setDeviceLimit(group, { path, limit, value, root });
    for (const limit of DEVICE_LIMITS) {
      const value = device[limit];
      if (value === undefined) continue;
      await set(limit, value);
      undo.add(limit, () => set(limit, known_.get(path)?.[limit] ?? 0));
    }
  }
  return known((config) => withBlkio(config, change));
}

const setBlkioTune = (definitions: Definitions, input: BlkioChange): Promise<void> =>
  changeDomain(definitions, ["setBlkioTune", input], ({ live, definition }): DomainChange => {
    const { env } = definitions;
    if (live !== undefined) cgroupOf(env, live).mount("blkio");
    return {
      ...(definition && { definition: withBlkio(definition, input) }),
      ...(live && { live: (undo: Undo) => setLiveBlkio(env, { live, change: input }, undo) }),
    };
  });

export const blockTuneRole = (definitions: Definitions): Role<"domain"> => {
  const { env, list } = definitions;
  return {
    blockIoTune: (input) => {
      const { live, definition, actor } = targetsOf(list.find(input.domain), input);
      const config = live?.config ?? definition ?? actor.view.definition;
      return blockIoTune(config, { device: input.device, isLive: live !== undefined });
    },
    setBlockIoTune: (input) => setBlockIoTune(definitions, input),
    blkioTune: async (input) => {
      const actor = list.find(input.domain);
      const { live } = targetsOf(actor, input);
      const { weight = 0, devices = [] } = configOf(actor, input).blkiotune ?? {};
      return {
        weight: live === undefined ? weight : await readWeight(cgroupOf(env, live)),
        devices,
      };
    },
    setBlkioTune: (input) => setBlkioTune(definitions, input),
  };
};
