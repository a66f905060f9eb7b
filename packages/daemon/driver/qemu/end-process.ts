/** Ends a QEMU process, politely as long as that makes sense. */
import { virError } from "@vireo/model/error";
import { faultPoint } from "../../host/fault-point.ts";
import {
  isStopped,
  processInfo,
  signalProcess,
  waitForExit,
  type ProcessIdentity,
} from "../../host/process.ts";

export interface EndLimits {
  /** For QEMU to flush its disks after SIGTERM. */
  readonly politeMs: number;
  /** For the kernel to tear the process down after SIGKILL. */
  readonly killMs: number;
}

const LIMITS: EndLimits = { politeMs: 10_000, killMs: 15_000 };

const failed = (pid: number, signal: string) =>
  virError(
    "systemError",
    `Failed to terminate process ${pid} with ${signal}: Device or resource busy`,
    {
      int1: 16,
    },
  );

/**
 * Resolves when the process is gone. SIGTERM comes first, but not for a process that is stopped:
 * it would never see it. `graceful` never kills.
 * @throws VireoError `systemError` (EBUSY) when it outlives the limits
 */
export async function endProcess(
  process: ProcessIdentity,
  { graceful = false, limits = LIMITS }: { graceful?: boolean; limits?: EndLimits } = {},
): Promise<void> {
  const info = processInfo(process.pid);
  faultPoint("before ending QEMU");
  const deaf = info !== undefined && isStopped(info);
  if (deaf && graceful) throw failed(process.pid, "SIGTERM");
  if (!deaf) {
    signalProcess(process, "SIGTERM");
    if (await diesOrStops(process, limits.politeMs)) return;
    if (graceful) throw failed(process.pid, "SIGTERM");
  }
  signalProcess(process, "SIGKILL");
  if (!(await waitForExit(process, limits.killMs))) throw failed(process.pid, "SIGKILL");
}

/** Whether it is gone in time; gives up early when somebody stops it meanwhile. */
async function diesOrStops(process: ProcessIdentity, ms: number): Promise<boolean> {
  const LOOK_MS = 250;
  for (let left = ms; left > 0; left -= LOOK_MS) {
    if (await waitForExit(process, Math.min(left, LOOK_MS))) return true;
    const info = processInfo(process.pid);
    if (info !== undefined && isStopped(info)) return false;
  }
  return false;
}
