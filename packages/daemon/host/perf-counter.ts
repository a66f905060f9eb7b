/** The kernel's performance counters of a process. */
import { closeSync, readSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { errnoError } from "./errno.ts";
import { tryCall } from "./sys.ts";

const PERF_EVENT_OPEN: Readonly<Record<string, number>> = { x64: 298, arm64: 241 };
const CLOSE_ON_EXEC = 8;
/** The kernel's first form of `perf_event_attr`, which all later ones take. */
const ATTR_BYTES = 64;
const FLAGS_AT = 40;
/** Threads that come later count too. */
const INHERIT = 2n;
const ENOSYS = 38;
const ESRCH = 3;

/** The kernel's type and number of each counter that libvirt names. */
const EVENTS: Readonly<Record<string, readonly [type: number, config: number]>> = {
  cpu_cycles: [0, 0],
  instructions: [0, 1],
  cache_references: [0, 2],
  cache_misses: [0, 3],
  branch_instructions: [0, 4],
  branch_misses: [0, 5],
  bus_cycles: [0, 6],
  stalled_cycles_frontend: [0, 7],
  stalled_cycles_backend: [0, 8],
  ref_cpu_cycles: [0, 9],
  cpu_clock: [1, 0],
  task_clock: [1, 1],
  page_faults: [1, 2],
  context_switches: [1, 3],
  cpu_migrations: [1, 4],
  page_faults_min: [1, 5],
  page_faults_maj: [1, 6],
  alignment_faults: [1, 7],
  emulation_faults: [1, 8],
};

export const isCountable = (event: string): boolean => Object.hasOwn(EVENTS, event);

/** One counter of all threads of a process; those that come later are with the one that made them. */
export interface PerfCounter {
  readonly read: () => number;
  readonly close: () => void;
}

function openThread(tid: number, [type, config]: readonly [number, number]) {
  const attr = Buffer.alloc(ATTR_BYTES);
  attr.writeUInt32LE(type, 0);
  attr.writeUInt32LE(ATTR_BYTES, 4);
  attr.writeBigUInt64LE(BigInt(config), 8);
  attr.writeBigUInt64LE(INHERIT, FLAGS_AT);
  const call = PERF_EVENT_OPEN[process.arch];
  if (call === undefined) return { ok: false, errno: ENOSYS } as const;
  return tryCall("syscall", call, attr, tid, -1, -1, CLOSE_ON_EXEC);
}

function valueOf(fd: number): number {
  const value = Buffer.alloc(8);
  readSync(fd, value);
  return Number(value.readBigUInt64LE());
}

/** @throws VireoError `systemError` when the host has no such counter, or does not let us */
export async function openCounter(pid: number, event: string): Promise<PerfCounter> {
  const fds: number[] = [];
  const close = (): void => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [String(pid)]);
  for (const tid of threads) {
    const opened = openThread(Number(tid), EVENTS[event] ?? [0, 0]);
    if (opened.ok) fds.push(opened.value);
    else if (opened.errno !== ESRCH || fds.length === 0) {
      close();
      throw errnoError(`unable to open host cpu perf event for ${event}`, opened.errno);
    }
  }
  return { read: () => fds.reduce((sum, fd) => sum + valueOf(fd), 0), close };
}
