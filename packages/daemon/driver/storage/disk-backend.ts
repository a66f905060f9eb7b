/** Pools that are disks; volumes are partitions. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import { basename } from "node:path";
import { devicesOf, plain, type PoolBackend, rowsOf, type Run } from "./backend.ts";
import type { Command } from "./command.ts";
import { checkFree } from "./device-check.ts";
import { lookAtFile } from "./directory-backend.ts";
import { poolBuildCommands } from "./pool-command.ts";

interface Partition {
  readonly number: number;
  readonly start: number;
  /** Last byte. */
  readonly end: number;
  readonly kind: "partition" | "extended" | "free";
}
interface Disk {
  readonly size: number;
  readonly parts: readonly Partition[];
}

const deviceOf = (pool: StoragePool): string => plain(devicesOf(pool)[0] ?? "");
const bytes = (field = ""): number => Number.parseInt(field, 10);

/** What `parted --machine` prints: a line about the disk, then one for each partition and gap. */
function diskOf(report: string): Disk {
  const [, [, size] = [], ...lines] = rowsOf(report.replaceAll(";", ""), ":");
  const parts = lines.map(([number, start, end, , system, name = "", flags = ""]): Partition => {
    const extended = system === "" && /extended/.test(`${name}${flags}`);
    const kind = system === "free" ? "free" : extended ? "extended" : "partition";
    return { number: bytes(number), start: bytes(start), end: bytes(end), kind };
  });
  return { size: bytes(size), parts };
}

/** A digit at the end of the disk's name is kept apart from the partition's number. */
function partitionName(pool: StoragePool, number: number): string {
  const [device] = pool.source?.devices ?? [];
  const disk = basename(deviceOf(pool));
  const apart = device?.partSeparator ?? /\d$/.test(disk);
  return `${disk}${apart ? "p" : ""}${number}`;
}

function volumeOf(pool: StoragePool, { number, start, end, kind }: Partition): StorageVolume {
  const name = partitionName(pool, number);
  const size = end - start + 1;
  const path = `${pool.target?.path ?? "/dev"}/${name}`;
  return {
    type: "block",
    name,
    key: path,
    capacity: size,
    allocation: size,
    physical: size,
    source: { devices: [{ path: deviceOf(pool), extents: [{ start, end }] }] },
    target: { path, format: { type: kind === "extended" ? "extended" : "none" } },
  };
}

/** parted's names of what is to be in a partition, by libvirt's. */
const SYSTEMS: Readonly<Record<string, string>> = {
  linux: "ext2",
  fat16: "fat16",
  fat32: "fat32",
  "linux-swap": "linux-swap",
  "linux-lvm": "ext2",
  "linux-raid": "ext2",
};

/** Partitions begin and end on whole mebibytes, as disks like it. */
const ALIGNED = 1 << 20;

/** The smallest gap in which it fits. @throws VireoError `internalError` */
function place({ parts }: Disk, size: number): { start: number; end: number } {
  const fitting = parts
    .filter(({ kind }) => kind === "free")
    .map(({ start, end }) => ({ start: Math.ceil(start / ALIGNED) * ALIGNED, end }))
    .filter(({ start, end }) => end - start + 1 >= size)
    .toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const [gap] = fitting;
  if (gap === undefined) throw virError("internalError", "no large enough free extent");
  return { start: gap.start, end: gap.start + size - 1 };
}

function createCommand(pool: StoragePool, volume: StorageVolume, disk: Disk): Command {
  const size = Math.ceil(volume.capacity / ALIGNED) * ALIGNED;
  const { start, end } = place(disk, size);
  const format = volume.target?.format?.type ?? "none";
  const kind =
    format === "extended" ? ["extended"] : ["primary", ...[SYSTEMS[format] ?? []].flat()];
  const range = [`${start}B`, `${end}B`];
  return ["parted", deviceOf(pool), "mkpart", "--script", ...kind, ...range];
}

/** Partitions have no names of their own: the next one's is known beforehand. */
function checkName(pool: StoragePool, volume: StorageVolume, { parts }: Disk): void {
  const taken = new Set(parts.filter(({ kind }) => kind !== "free").map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  const expected = partitionName(pool, number);
  if (volume.name !== expected)
    throw virError("invalidArg", `invalid partition name '${volume.name}', expected '${expected}'`);
}

export function diskBackend(run: Run): PoolBackend {
  const look = async (pool: StoragePool): Promise<Disk> =>
    diskOf(await run(["parted", "-m", "-s", deviceOf(pool), "unit", "B", "print", "free"]));
  return {
    start: async (pool) => {
      const device = deviceOf(pool);
      const { volumes } = await lookAtFile(device);
      if (volumes.length === 0)
        throw virError("invalidArg", `device path '${device}' doesn't exist`);
    },
    scan: async (pool) => {
      const { size, parts } = await look(pool);
      const gaps = parts.filter(({ kind }) => kind === "free");
      const free = gaps.reduce((sum, { start, end }) => sum + end - start + 1, 0);
      const freeExtents = gaps.map(({ start, end }) => ({ start, end }));
      const [device, ...others] = pool.source?.devices ?? [];
      return {
        space: { capacity: size, available: free },
        ...(device === undefined
          ? {}
          : { source: { ...pool.source, devices: [{ ...device, freeExtents }, ...others] } }),
        volumes: parts.filter(({ kind }) => kind !== "free").map((part) => volumeOf(pool, part)),
      };
    },
    build: async (pool, { overwrite }) => {
      if (overwrite !== true) await checkFree(run, [deviceOf(pool)]);
      for (const command of poolBuildCommands(pool)) await run(command);
    },
    remove: async (pool) => {
      await run(["wipefs", "--all", deviceOf(pool)]);
    },
    volumes: {
      create: async (pool, volume) => {
        const disk = await look(pool);
        const command = createCommand(pool, volume, disk);
        checkName(pool, volume, disk);
        await run(command);
      },
      remove: async (pool, { name }) => {
        const [number] = /\d+$/.exec(name) ?? [];
        if (number === undefined || partitionName(pool, Number(number)) !== name)
          throw virError("internalError", `cannot parse partition number from target '${name}'`);
        await run(["parted", deviceOf(pool), "rm", "--script", number]);
      },
    },
  };
}
