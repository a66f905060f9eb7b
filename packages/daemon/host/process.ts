/**
 * Processes by identity: a pid alone may already belong to somebody else, a pid with its start
 * time may not.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoError, hasCode } from "./errno.ts";
import { readTextIfThere } from "./file.ts";
import { monotonicMs } from "./clock.ts";
import { parseCpuList } from "./cpu-list.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the host's boot and the start of the process. */
  readonly startTime: number;
}

export interface ProcessInfo extends ProcessIdentity {
  /** One letter as in proc(5): R running, S sleeping, D unkillable I/O, T stopped, Z ended. */
  readonly state: string;
  readonly cpuTimeNs: number;
  readonly userTimeNs: number;
  readonly systemTimeNs: number;
  readonly residentKiB: number;
  /** Host processor it ran on last. */
  readonly cpu: number;
}

/** The kernel counts in hundredths of a second towards user space, on every architecture. */
const NS_PER_TICK = 10_000_000;
const PAGE_KIB = 4;

/** What /proc tells of a process; `undefined` when there is none or the text is no stat line. */
export function parseStat(text: string): ProcessInfo | undefined {
  // the name in parentheses may itself hold spaces and parentheses
  const close = text.lastIndexOf(")");
  const pid = Number.parseInt(text, 10);
  const rest = text.slice(close + 2).split(" ");
  const number = (field: number): number => Number(rest[field - 3]);
  const state = rest[0];
  if (close < 0 || !state || !Number.isSafeInteger(pid) || rest.length < 37) return undefined;
  const userTimeNs = number(14) * NS_PER_TICK;
  const systemTimeNs = number(15) * NS_PER_TICK;
  return {
    pid,
    startTime: number(22),
    state,
    userTimeNs,
    systemTimeNs,
    cpuTimeNs: userTimeNs + systemTimeNs,
    residentKiB: number(24) * PAGE_KIB,
    cpu: number(39),
  };
}

const hasEnded = (info: ProcessInfo): boolean => "ZX".includes(info.state);

/**
 * A small file of /proc; empty when the process is gone. Synchronous: the kernel writes it from what it has in
 * memory and waits for no disk. That takes some 15 us; on a busy host the turns through the thread pool take a hundred
 * times as long. Not for the files that lock the memory of the process (`cmdline`, `environ`, `maps`).
 */
function told(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // no such process
  }
}

/** A process that runs; one that has ended but was not yet collected counts as gone. */
export function processInfo(pid: number, procRoot = "/proc"): ProcessInfo | undefined {
  const info = parseStat(told(`${procRoot}/${pid}/stat`));
  return info === undefined || hasEnded(info) ? undefined : info;
}

export function processIdentity(pid: number, procRoot = "/proc"): ProcessIdentity | undefined {
  const info = processInfo(pid, procRoot);
  return info && { pid, startTime: info.startTime };
}

export function isAlive({ pid, startTime }: ProcessIdentity, procRoot = "/proc"): boolean {
  return processIdentity(pid, procRoot)?.startTime === startTime;
}

/** `D`: it waits for a device and will not even die of SIGKILL before that answers. */
export const isStuckInKernel = (info: ProcessInfo): boolean => info.state === "D";
/** `T` or `t`: somebody stopped it; only SIGKILL and SIGCONT have an effect. */
export const isStopped = (info: ProcessInfo): boolean => "Tt".includes(info.state);

/**
 * Sends a signal, unless the process has ended; answers whether it was there.
 * @throws VireoError `systemError` when it may not be signalled
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw errnoError(`Cannot send ${signal} to process ${identity.pid}`, 1);
  }
}

const FIRST_LOOK_MS = 1;
const SLOWEST_LOOK_MS = 20;

/**
 * Waits until the process is gone; `false` when it still runs after `deadlineMs`.
 * It looks again and again, soon at first: for a process that is not our child the kernel tells
 * its end only through a pidfd, and waiting on one would take a worker thread for each guest.
 */
export async function waitForExit(identity: ProcessIdentity, deadlineMs: number): Promise<boolean> {
  const end = monotonicMs() + deadlineMs;
  for (let pause = FIRST_LOOK_MS; isAlive(identity); pause = Math.min(pause * 2, SLOWEST_LOOK_MS)) {
    if (monotonicMs() >= end) return false;
    await sleep(pause);
  }
  return true;
}

/** The same facts of each thread, by thread id. */
export const threadInfo = (pid: number, tid: number, procRoot = "/proc"): ProcessInfo | undefined =>
  parseStat(told(`${procRoot}/${pid}/task/${tid}/stat`));

/** The command line, argument by argument; empty when the process is gone. */
export async function commandLineOf(pid: number, procRoot = "/proc"): Promise<readonly string[]> {
  const text = await readTextIfThere(`${procRoot}/${pid}/cmdline`).catch(() => undefined);
  return text?.split("\0").slice(0, -1) ?? [];
}

/** Host processors that a thread may run on; none when it is gone. */
export function allowedCpus(pid: number, tid: number, procRoot = "/proc"): readonly number[] {
  const text = told(`${procRoot}/${pid}/task/${tid}/status`);
  return parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(text)?.[1] ?? "");
}

/** Nanoseconds that a thread was ready to run but had to wait for a processor. */
export const runDelayNs = (pid: number, tid: number, procRoot = "/proc"): number =>
  Number(told(`${procRoot}/${pid}/task/${tid}/schedstat`).split(" ")[1] ?? 0);

/** Nanoseconds that a thread slept; 0 where the kernel keeps no scheduler statistics. */
export function waitTimeNs(pid: number, tid: number, procRoot = "/proc"): number {
  const text = told(`${procRoot}/${pid}/task/${tid}/sched`);
  return Math.round(Number(/wait_sum\s*:\s*([\d.]+)/.exec(text)?.[1] ?? "0") * 1e6);
}
