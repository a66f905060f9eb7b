/** Pools that are LVM volume groups; volumes are logical volumes. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import { devicesOf, plain, type PoolBackend, rowsOf, type Run } from "./backend.ts";
import type { Command } from "./command.ts";
import { checkFree } from "./device-check.ts";
import { poolBuildCommands, poolStartCommand, poolStopCommand } from "./pool-command.ts";

const groupOf = ({ source, name }: StoragePool): string => plain(source?.name ?? name);

const REPORT = ["--noheadings", "--nosuffix", "--units", "b", "--separator", "|"] as const;
const COLUMNS = "lv_name,lv_uuid,lv_attr,origin,lv_size,seg_size,vg_extent_size,devices";
/** Place of the letter that tells whether a logical volume is active. */
const ACTIVE = 4;

/** `DEVICE(FIRST)`, several with commas. */
function extentsOf(devices: string, { size, extent }: { size: number; extent: number }) {
  return devices.split(",").flatMap((one) => {
    const [, path, first] = /^(.+)\((\d+)\)$/.exec(one) ?? [];
    if (path === undefined) return [];
    const start = Number(first) * extent;
    return [{ path, extents: [{ start, end: start + size }] }];
  });
}

type Extents = NonNullable<NonNullable<StorageVolume["source"]>["devices"]>;

function volumeOf(group: string, fields: readonly string[], before: Extents): StorageVolume {
  const [name = "", key = "", , origin = "", size, segment, extent, devices = ""] = fields;
  const bytes = Number(size);
  const extents = extentsOf(devices, { size: Number(segment), extent: Number(extent) });
  return {
    type: "block",
    name,
    key,
    capacity: bytes,
    allocation: bytes,
    physical: bytes,
    source: { devices: [...before, ...extents] },
    target: { path: `/dev/${group}/${name}` },
    ...(origin === "" ? {} : { backingStore: { path: `/dev/${group}/${origin}` } }),
  };
}

/** A logical volume has a row for each of its segments. Thin pools and what is not active are no volumes. */
function volumesOf(group: string, report: string): readonly StorageVolume[] {
  const volumes = new Map<string, StorageVolume>();
  for (const fields of rowsOf(report, "|")) {
    const [name = "", , attributes = ""] = fields;
    if (attributes.startsWith("t") || attributes.charAt(ACTIVE) !== "a") continue;
    volumes.set(name, volumeOf(group, fields, volumes.get(name)?.source?.devices ?? []));
  }
  return [...volumes.values()];
}

/** Sizes in KiB, rounded up. */
const inKiB = (bytes: number): string => `${Math.ceil(bytes / 1024)}K`;

function createCommand(group: string, volume: StorageVolume): Command {
  const { name, capacity, allocation, backingStore } = volume;
  const thin = allocation < capacity ? ["--virtualsize", inKiB(capacity)] : [];
  const room = ["-L", inKiB(Math.max(allocation, 1)), ...thin];
  const origin = backingStore?.path;
  return origin === undefined
    ? ["lvcreate", "--name", plain(name), ...room, group]
    : ["lvcreate", "--name", plain(name), ...room, "-s", plain(origin)];
}

/** Makes the volume group; when that fails its devices are as before. */
async function build(run: Run, pool: StoragePool, overwrite: boolean): Promise<void> {
  if (!overwrite) await checkFree(run, devicesOf(pool));
  const made: string[] = [];
  try {
    for (const command of poolBuildCommands(pool)) {
      await run(command);
      if (command[0] === "pvcreate") made.push(command[1] ?? "");
    }
  } catch (error) {
    for (const device of made) await run(["pvremove", device]).catch(() => undefined);
    throw error;
  }
}

export function logicalBackend(run: Run): PoolBackend {
  const all = async (commands: readonly (Command | undefined)[]): Promise<void> => {
    for (const command of commands) if (command !== undefined) await run(command);
  };
  return {
    start: async (pool) => {
      const group = groupOf(pool);
      const groups = rowsOf(await run(["vgs", "--noheadings", "--options", "vg_name"]), /\s+/);
      if (!groups.some(([name]) => name === group))
        throw virError("configUnsupported", `cannot find logical volume group name '${group}'`);
      await all([poolStartCommand(pool)]);
    },
    stop: (pool) => all([poolStopCommand(pool)]),
    scan: async (pool) => {
      const group = groupOf(pool);
      const sizes = await run(["vgs", ...REPORT, "--options", "vg_size,vg_free", group]);
      const [[capacity, available] = []] = rowsOf(sizes, "|");
      const volumes = await run(["lvs", ...REPORT, "--options", COLUMNS, group]);
      return {
        space: { capacity: Number(capacity ?? 0), available: Number(available ?? 0) },
        volumes: volumesOf(group, volumes),
      };
    },
    build: (pool, { overwrite }) => build(run, pool, overwrite === true),
    remove: (pool) =>
      all([
        ["vgremove", "-f", groupOf(pool)],
        ...devicesOf(pool).map((path): Command => ["pvremove", plain(path)]),
      ]),
    volumes: {
      create: async (pool, volume) => {
        if (volume.target?.encryption !== undefined)
          throw virError("configUnsupported", "storage pool does not support encrypted volumes");
        await run(createCommand(groupOf(pool), volume));
      },
      remove: async (pool, { name }) => {
        await run(["lvremove", "-f", `${groupOf(pool)}/${name}`]);
      },
    },
    sources: async () => {
      const report = await run([
        "pvs",
        "--noheadings",
        "--separator",
        "|",
        "-o",
        "pv_name,vg_name",
      ]);
      const groups = new Map<string, string[]>();
      for (const [device = "", group = ""] of rowsOf(report, "|"))
        if (group !== "") groups.set(group, [...(groups.get(group) ?? []), device]);
      return Array.from(groups, ([name, devices]) => ({
        devices: devices.map((path) => ({ path })),
        name,
        format: { type: "lvm2" },
      }));
    },
  };
}
