/**
 * A QEMU process: started apart from us so that it outlives the daemon, known by pid and start
 * time, ended by signals that can hit nobody else.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { virError } from "@vireo/model/error";
import { lastLines } from "./log-tail.ts";

export interface PassedFd {
  /** Ours; closed here once the child has it. */
  readonly fd: number;
  /** The number under which the child sees it, 3 or more. */
  readonly as: number;
}

export interface SpawnSpec {
  readonly binary: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where stdout and stderr go, appended. */
  readonly logPath: string;
  readonly fds: readonly PassedFd[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Tells one process from any other that ever has its pid. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks from the host's boot to the process's start (field 22 of /proc/PID/stat). */
  readonly startTime: number;
}

export interface ExitStatus {
  /** Absent when a signal ended it. */
  readonly code?: number;
  readonly signal?: string;
}

export interface SpawnedQemu extends ProcessId {
  /** Resolves when the process has ended. */
  readonly exited: Promise<ExitStatus>;
}

const STANDARD = 3;
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/** Fields of /proc/PID/stat behind the command's name, which may hold blanks and parentheses. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // no such process
  }
}

/** When the process with this pid started; `undefined` when there is none that still runs. */
export function startTimeOf(pid: number): number | undefined {
  const fields = statFields(pid);
  const state = fields?.[STATE_FIELD];
  if (fields === undefined || state === "Z" || state === "X") return undefined;
  return Number(fields[START_TIME_FIELD]);
}

export const isRunning = ({ pid, startTime }: ProcessId): boolean => startTimeOf(pid) === startTime;

/** Sends a signal to that very process; false when it is gone. */
export function signalProcess(process_: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isRunning(process_)) return false;
  try {
    return process.kill(process_.pid, signal);
  } catch {
    return false; // ended between look and kill
  }
}

/** Descriptors by the child's numbers; gaps are closed in the child. */
function stdioOf(fds: readonly PassedFd[], log: number): ("ignore" | number)[] {
  const last = Math.max(STANDARD - 1, ...fds.map(({ as }) => as));
  const passed = new Map(fds.map(({ fd, as }) => [as, fd]));
  const rest = Array.from(
    { length: last + 1 - STANDARD },
    (_, i) => passed.get(i + STANDARD) ?? "ignore",
  );
  return ["ignore", log, log, ...rest];
}

const started = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      resolve(child.pid ?? 0);
    });
  });

const ended = (child: ChildProcess): Promise<ExitStatus> =>
  new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) });
    });
  });

/**
 * Starts QEMU in a session and process group of its own.
 * @throws VireoError `internalError` when the binary cannot be run
 */
export async function spawnQemu(spec: SpawnSpec): Promise<SpawnedQemu> {
  const log = openSync(
    spec.logPath,
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT,
    0o600,
  );
  try {
    const child = spawn(spec.binary, spec.argv, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: stdioOf(spec.fds, log),
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    });
    const exited = ended(child);
    const pid = await started(child);
    child.unref();
    return { pid, startTime: startTimeOf(pid) ?? 0, exited };
  } catch (cause) {
    throw virError("internalError", `cannot run '${spec.binary}': ${reason(cause)}`, {
      from: 10,
      cause,
    });
  } finally {
    for (const fd of [log, ...spec.fds.map(({ fd: ours }) => ours)]) closeSync(fd);
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Why QEMU ended, in its own last words when it left some. */
export function exitReason({ code, signal }: ExitStatus, logPath: string): string {
  const words = lastLines(logPath);
  if (words !== "") return words;
  return signal === undefined ? `exited with status ${code ?? 0}` : `ended by ${signal}`;
}
