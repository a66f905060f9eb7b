/** What the host is made of, from /proc and /sys. */
import { arch as nodeArch, hostname } from "node:os";
import { badArgument, virError, type VireoError } from "@vireo/model/error";
import { parseCpuList } from "./cpu-list.ts";
import { listDirectory, readText, readTextIfThere } from "./file.ts";

export interface HostRoots {
  readonly procRoot?: string;
  readonly sysRoot?: string;
}

export interface CpuPlace {
  readonly id: number;
  readonly socket: number;
  readonly die: number;
  readonly core: number;
  readonly siblings: readonly number[];
}
export interface NumaCell {
  readonly id: number;
  readonly cpus: readonly CpuPlace[];
  readonly memoryKiB: number;
  /** Distance to each cell, in the order of the cells. */
  readonly distances: readonly number[];
}
export interface NodeInfo {
  /** Architecture, in libvirt's words. */
  readonly model: string;
  readonly memoryKiB: number;
  readonly mhz: number;
  readonly cpus: number;
  readonly nodes: number;
  /** Per NUMA cell. */
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
  arm: "armv7l",
  riscv64: "riscv64",
  s390x: "s390x",
  ppc64: "ppc64le",
};

/** Architecture of this host as libvirt and QEMU call it. */
export const hostArch = (): string => ARCHITECTURES[nodeArch()] ?? nodeArch();

export const hostName = (): string => hostname();

/** Values of a file of `Name: 123 kB` lines, such as meminfo, in KiB. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const found = text.matchAll(/^(?:Node \d+ )?([\w()]+):\s+(\d+)/gm);
  return new Map([...found].map(([, name = "", value]) => [name, Number(value)]));
}

const numberIn = async (path: string): Promise<number> => {
  const value = Number.parseInt((await readTextIfThere(path)) ?? "", 10);
  return Number.isNaN(value) ? 0 : value;
};

async function cpuPlace(id: number, sysRoot: string): Promise<CpuPlace> {
  const at = `${sysRoot}/devices/system/cpu/cpu${id}/topology`;
  const [socket, die, core, siblings] = await Promise.all([
    numberIn(`${at}/physical_package_id`),
    numberIn(`${at}/die_id`),
    numberIn(`${at}/core_id`),
    readTextIfThere(`${at}/thread_siblings_list`),
  ]);
  return { id, socket, die, core, siblings: siblings ? parseCpuList(siblings) : [id] };
}

/** Processors that exist, and which of them are switched on. */
export async function cpuMap({ sysRoot = "/sys" }: HostRoots = {}): Promise<{
  present: readonly number[];
  online: readonly number[];
}> {
  const at = `${sysRoot}/devices/system/cpu`;
  const present = parseCpuList(await readText(`${at}/present`));
  const online = await readTextIfThere(`${at}/online`);
  return { present, online: online === undefined ? present : parseCpuList(online) };
}

/** The NUMA cells; a host without NUMA is one cell. */
export async function numaCells(roots: HostRoots = {}): Promise<readonly NumaCell[]> {
  const { procRoot = "/proc", sysRoot = "/sys" } = roots;
  const at = `${sysRoot}/devices/system/node`;
  const { online } = await cpuMap(roots);
  const names = await listDirectory(at);
  const ids = names.flatMap((name) => /^node(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  if (ids.length === 0) {
    const memory = parseMeminfo(await readText(`${procRoot}/meminfo`)).get("MemTotal") ?? 0;
    const cpus = await Promise.all(online.map((id) => cpuPlace(id, sysRoot)));
    return [{ id: 0, cpus, memoryKiB: memory, distances: [10] }];
  }
  return Promise.all(
    ids
      .toSorted((a, b) => a - b)
      .map(async (id) => {
        const cpus = parseCpuList((await readTextIfThere(`${at}/node${id}/cpulist`)) ?? "");
        const memory = parseMeminfo((await readTextIfThere(`${at}/node${id}/meminfo`)) ?? "");
        const distances = (await readTextIfThere(`${at}/node${id}/distance`)) ?? "10";
        return {
          id,
          cpus: await Promise.all(
            cpus.filter((cpu) => online.includes(cpu)).map((cpu) => cpuPlace(cpu, sysRoot)),
          ),
          memoryKiB: memory.get("MemTotal") ?? 0,
          distances: distances.trim().split(/\s+/).map(Number),
        };
      }),
  );
}

const most = (counts: readonly number[]): number => Math.max(1, ...counts);
const distinct = (values: readonly (number | string)[]): number => new Set(values).size;

async function cpuMhz(procRoot: string): Promise<number> {
  const text = (await readTextIfThere(`${procRoot}/cpuinfo`)) ?? "";
  return Math.trunc(Number(/^cpu MHz\s*:\s*([\d.]+)/m.exec(text)?.[1] ?? 0));
}

/**
 * The host in eight numbers. When sockets, cores and threads do not multiply to the number of
 * processors (mixed cells, some switched off), libvirt's convention is one socket with all of them.
 */
export async function nodeInfo(roots: HostRoots = {}): Promise<NodeInfo> {
  const [cells, { online }, mhz] = await Promise.all([
    numaCells(roots),
    cpuMap(roots),
    cpuMhz(roots.procRoot ?? "/proc"),
  ]);
  const memoryKiB = cells.reduce((sum, cell) => sum + cell.memoryKiB, 0);
  const sockets = most(cells.map((cell) => distinct(cell.cpus.map((cpu) => cpu.socket))));
  const all = cells.flatMap((cell) => cell.cpus);
  const perSocket = Map.groupBy(all, (cpu) => cpu.socket).values();
  const cores = most([...perSocket].map((cpus) => distinct(cpus.map((c) => `${c.die}/${c.core}`))));
  const threads = most(all.map((cpu) => cpu.siblings.filter((id) => online.includes(id)).length));
  const regular = cells.length * sockets * cores * threads === online.length;
  return {
    model: hostArch(),
    memoryKiB,
    mhz,
    cpus: online.length,
    ...(regular
      ? { nodes: cells.length, sockets, cores, threads }
      : { nodes: 1, sockets: 1, cores: online.length, threads: 1 }),
  };
}

/** libvirt's names for the kernel's columns, in nanoseconds. */
export async function nodeCpuStats(
  cpu?: number,
  { procRoot = "/proc" }: HostRoots = {},
): Promise<Readonly<Record<"kernel" | "user" | "idle" | "iowait", number>>> {
  const label = cpu === undefined ? "cpu" : `cpu${cpu}`;
  const text = await readText(`${procRoot}/stat`);
  const line = text.split("\n").find((one) => one.startsWith(`${label} `));
  if (line === undefined)
    throw badArgument("Invalid cpuNum in virHostCPUGetStatsLinux", {
      function: "virHostCPUGetStatsLinux",
      argument: "cpuNum",
    });
  const ticks = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((tick) => Number(tick) * 10_000_000);
  const at = (column: number): number => ticks[column] ?? 0;
  return {
    kernel: at(2) + at(5) + at(6),
    user: at(0) + at(1),
    idle: at(3),
    iowait: at(4),
  };
}

async function noSuchCell(roots: HostRoots): Promise<VireoError> {
  const last = (await numaCells(roots)).at(-1)?.id ?? 0;
  return badArgument(`cellNum in virHostMemGetStats must be less than or equal to ${last}`, {
    function: "virHostMemGetStats",
    argument: "cellNum",
  });
}

/** libvirt's names, in KiB; one cell does not tell of buffers and cache. */
export async function nodeMemoryStats(
  cell?: number,
  { procRoot = "/proc", sysRoot = "/sys" }: HostRoots = {},
): Promise<Readonly<Record<string, number>>> {
  const path =
    cell === undefined
      ? `${procRoot}/meminfo`
      : `${sysRoot}/devices/system/node/node${cell}/meminfo`;
  const text = await readTextIfThere(path);
  if (text === undefined) throw await noSuchCell({ procRoot, sysRoot });
  const memory = parseMeminfo(text);
  const at = (name: string): number => memory.get(name) ?? 0;
  const sizes = { total: at("MemTotal"), free: at("MemFree") };
  return cell === undefined ? { ...sizes, buffers: at("Buffers"), cached: at("Cached") } : sizes;
}

/** Free memory in bytes of the cells with these numbers, in order. */
export async function cellsFreeMemory(
  { start, max }: { start: number; max: number },
  roots: HostRoots = {},
): Promise<readonly number[]> {
  const cells = await numaCells(roots);
  const last = cells.at(-1)?.id ?? 0;
  if (start > last) throw virError("internalError", `start cell ${start} out of range (0-${last})`);
  const wanted = cells.filter((cell) => cell.id >= start).slice(0, max);
  return Promise.all(
    wanted.map(async ({ id }) => {
      const of = await nodeMemoryStats(id, roots).catch(() => nodeMemoryStats(undefined, roots));
      return (of["free"] ?? 0) * 1024;
    }),
  );
}

/** Free memory of the whole host in bytes. */
export async function freeMemory(roots: HostRoots = {}): Promise<number> {
  const cells = await cellsFreeMemory({ start: 0, max: Infinity }, roots);
  return cells.reduce((sum, free) => sum + free, 0);
}
