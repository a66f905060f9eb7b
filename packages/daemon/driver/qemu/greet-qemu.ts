/** The monitor of a QEMU that was just spawned, or the words with which it ended instead. */
import { isError, virError } from "@vireo/model/error";
import type { SpawnedQemu } from "@vireo/qemu/process";
import { within } from "../../host/clock.ts";
import { wordsSince } from "./guest-log.ts";
import { namingHolder } from "./image-holder.ts";
import { GuestMonitor, type MonitorListener } from "./guest-monitor.ts";

/** For QEMU to open its devices and speak; large guests on slow disks take their time. */
const GREETING_MS = 60_000;
const LAST_WORDS_MS = 500;

interface Begun {
  readonly qemu: SpawnedQemu;
  readonly monitorPath: string;
  readonly logPath: string;
  /** Where in the log its words begin. */
  readonly logStart: number;
}

/** The error of a QEMU that ended before it could be used, with its own words. */
async function diedEarly({ qemu, logPath, logStart }: Begun): Promise<never> {
  const { code, signal } = await qemu.exited;
  const words = await namingHolder(await wordsSince(logPath, logStart));
  const how = signal === undefined ? `status ${code ?? 0}` : signal;
  throw virError(
    "internalError",
    `process exited while connecting to monitor: ${words === "" ? `it ended with ${how}` : words}`,
  );
}

/** @throws VireoError `internalError` with QEMU's own words when it ended */
export async function greetQemu(begun: Begun, listener: MonitorListener): Promise<GuestMonitor> {
  const { qemu, monitorPath: path } = begun;
  const died = diedEarly(begun);
  died.catch(() => undefined); // it ends one day, long after the start
  const monitor = GuestMonitor.connect({ path, process: qemu, timeoutMs: GREETING_MS }, listener);
  try {
    return await Promise.race([died, monitor]);
  } catch (error) {
    // a monitor that hangs up is how its end looks from here; why it ended is known a moment later
    if (!isError(error, "internalError")) await within(LAST_WORDS_MS, died);
    throw error;
  }
}
