/** What the control groups of both versions call libvirt's tunables, and what the kernel says when nothing was set. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { UNLIMITED } from "@vireo/model/domain/memory";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { Cgroup } from "../../../host/cgroup.ts";
import type { ThreadGroup } from "../../../host/cgroup.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";

const partitionOf = ({ resource }: ResolvedDomain): string => resource?.partition ?? "/machine";

/** The groups of a running domain; a pid is one on the whole host, whoever else starts guests there. */
export const cgroupOf = ({ cgroups }: Pick<QemuEnvironment, "cgroups">, live: LiveDomain): Cgroup =>
  new Cgroup(cgroups, {
    partition: partitionOf(live.config),
    name: `vireo-${live.process.pid}-${live.id}`,
    pid: live.process.pid,
  });

/** In microseconds; a negative quota is none. */
export interface Bandwidth {
  readonly period?: number | undefined;
  readonly quota?: number | undefined;
}
interface KernelBandwidth {
  readonly period: number;
  readonly quota: number;
}
const DEFAULT_PERIOD = 100_000;
const NO_QUOTA = -1;

const number = (text: string | undefined, otherwise: number): number => {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) ? Math.min(value, Number.MAX_SAFE_INTEGER) : otherwise;
};

/** CPU weight: 1024 is the kernel's own of the old version, 100 of the new. */
export async function readShares(group: Cgroup): Promise<number> {
  return group.version("cpu") === 1
    ? number(await group.read("cpu", "cpu.shares"), 1024)
    : number(await group.read("cpu", "cpu.weight"), 100);
}
export const setShares = (group: Cgroup, shares: number): Promise<void> =>
  group.set("cpu", group.version("cpu") === 1 ? "cpu.shares" : "cpu.weight", String(shares));

/** Of one group of threads, or of the whole domain. */
export async function readBandwidth(group: Cgroup, threads?: string): Promise<KernelBandwidth> {
  if (group.version("cpu") === 1)
    return {
      period: number(await group.read("cpu", "cpu.cfs_period_us", threads), DEFAULT_PERIOD),
      quota: number(await group.read("cpu", "cpu.cfs_quota_us", threads), NO_QUOTA),
    };
  const [quota, period] = ((await group.read("cpu", "cpu.max", threads)) ?? "").split(" ");
  return {
    period: number(period, DEFAULT_PERIOD),
    quota: quota === "max" ? NO_QUOTA : number(quota, NO_QUOTA),
  };
}

/** 0 leaves a value as it is. */
export async function setBandwidth(
  group: Cgroup,
  { period, quota }: Bandwidth,
  threads?: ThreadGroup,
): Promise<void> {
  const set = (file: string, value: string): Promise<void> =>
    threads === undefined
      ? group.set("cpu", file, value)
      : group.setThreads("cpu", threads, [file, value]);
  if (group.version("cpu") === 2) {
    const before = await readBandwidth(group, threads?.name);
    const most = quota || before.quota;
    return set("cpu.max", `${most < 0 ? "max" : most} ${period || before.period}`);
  }
  if (period) await set("cpu.cfs_period_us", String(period));
  if (quota) await set("cpu.cfs_quota_us", String(quota));
}

const MEMORY = {
  hardLimitKiB: { 1: "memory.limit_in_bytes", 2: "memory.max" },
  softLimitKiB: { 1: "memory.soft_limit_in_bytes", 2: "memory.high" },
  swapHardLimitKiB: { 1: "memory.memsw.limit_in_bytes", 2: "memory.swap.max" },
} as const;
export type MemoryLimit = keyof typeof MEMORY;
export const MEMORY_LIMITS = ["hardLimitKiB", "softLimitKiB", "swapHardLimitKiB"] as const;

const KIB = 1024;
/** The old version says its largest number of pages instead of no limit. */
const OLD_UNLIMITED_BYTES = 2 ** 62;

export async function readMemoryLimit(group: Cgroup, limit: MemoryLimit): Promise<number> {
  const text = await group.read("memory", MEMORY[limit][group.version("memory")]);
  if (text === undefined || text.trim() === "max") return UNLIMITED;
  const bytes = Number(text);
  return bytes >= OLD_UNLIMITED_BYTES ? UNLIMITED : Math.floor(bytes / KIB);
}

export async function setMemoryLimit(
  group: Cgroup,
  limit: MemoryLimit,
  kib: number,
): Promise<void> {
  const version = group.version("memory");
  const none = version === 1 ? "-1" : "max";
  // the new version counts swap alone
  const memory =
    version === 2 && limit === "swapHardLimitKiB"
      ? await readMemoryLimit(group, "hardLimitKiB")
      : 0;
  const own = memory === UNLIMITED ? kib : kib - memory;
  await group.set("memory", MEMORY[limit][version], kib >= UNLIMITED ? none : String(own * KIB));
}

const WEIGHTS = {
  1: ["blkio.bfq.weight", "blkio.weight"],
  2: ["io.bfq.weight", "io.weight"],
} as const;
const DEFAULT_WEIGHT = 100;

export async function readWeight(group: Cgroup): Promise<number> {
  for (const file of WEIGHTS[group.version("blkio")]) {
    const text = await group.read("blkio", file);
    if (text !== undefined)
      return number(text.replace(/^default /, "").split("\n")[0], DEFAULT_WEIGHT);
  }
  return DEFAULT_WEIGHT;
}

/** @throws VireoError `operationInvalid` when the host's I/O scheduler weighs nothing */
export async function setWeight(group: Cgroup, weight: number): Promise<void> {
  await group.enter("blkio");
  for (const file of WEIGHTS[group.version("blkio")])
    if ((await group.read("blkio", file)) !== undefined)
      return group.set("blkio", file, String(weight));
  throw virError("operationInvalid", "blkio device weight is valid only for bfq or cfq scheduler");
}

export type DeviceLimit = "readIopsSec" | "writeIopsSec" | "readBytesSec" | "writeBytesSec";
const DEVICE_FILES: Readonly<Record<DeviceLimit, readonly [old: string, key: string]>> = {
  readIopsSec: ["blkio.throttle.read_iops_device", "riops"],
  writeIopsSec: ["blkio.throttle.write_iops_device", "wiops"],
  readBytesSec: ["blkio.throttle.read_bps_device", "rbps"],
  writeBytesSec: ["blkio.throttle.write_bps_device", "wbps"],
};

/** `major:minor` of a block device. @throws VireoError `invalidArg` */
async function deviceNumber(path: string, root: string): Promise<string> {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found?.isBlockDevice() !== true)
    throw virError("invalidArg", `Path '${path}' must be accessible and a block device`);
  return `${(found.rdev >> 8) & 0xfff}:${(found.rdev & 0xff) | ((found.rdev >> 12) & 0xfff00)}`;
}

/** 0 takes the limit away. */
export async function setDeviceLimit(
  group: Cgroup,
  { path, limit, value, root }: { path: string; limit: DeviceLimit; value: number; root: string },
): Promise<void> {
  const device = await deviceNumber(path, root);
  const [old, key] = DEVICE_FILES[limit];
  if (group.version("blkio") === 1) return group.set("blkio", old, `${device} ${value}`);
  return group.set("blkio", "io.max", `${device} ${key}=${value === 0 ? "max" : value}`);
}
