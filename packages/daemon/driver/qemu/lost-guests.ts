/** Guests that run without a status we can read: found by their processes. */
import { readdirSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Paths } from "../../host/paths.ts";
import { commandLineOf, processIdentity, type ProcessIdentity } from "../../host/process.ts";
import { channelDirectory } from "./command-context.ts";
import { GuestMonitor } from "./guest-monitor.ts";
import { guestNameOf } from "./image-holder.ts";
import { removePid } from "./pid-file.ts";

const GREETING_MS = 5000;
const NEVER_RAN: readonly unknown[] = ["prelaunch", "inmigrate"];

export interface LostGuest {
  readonly process: ProcessIdentity;
  readonly id: number;
  readonly name: string;
  readonly monitorPath: string;
  /** Where it works. */
  readonly directory: string;
}

const directoryOf = (pid: number): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // ended, or not ours to look at
  }
};

/** Each QEMU of ours works in its domain's directory, `domain-ID-NAME`. */
async function guestIn(pid: number, paths: Paths): Promise<LostGuest | undefined> {
  const directory = directoryOf(pid);
  if (directory === undefined || dirname(directory) !== paths.qemuLib) return undefined;
  const id = /^domain-(\d+)-/.exec(basename(directory))?.[1];
  const words = await commandLineOf(pid);
  const name = guestNameOf(words);
  const process = processIdentity(pid);
  if (id === undefined || name === undefined || process === undefined) return undefined;
  const monitorPath = join(directory, "monitor.sock");
  return { process, id: Number(id), name, monitorPath, directory };
}

/** The QEMU processes of this root whose pid is not among `known`. */
export async function findLostGuests(
  paths: Paths,
  known: ReadonlySet<number>,
): Promise<readonly LostGuest[]> {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const unknown = pids.filter((pid) => !known.has(pid));
  const found = await Promise.all(unknown.map((pid) => guestIn(pid, paths)));
  return found.filter((guest) => guest !== undefined);
}

/** Whether its vCPUs have stood still since it was made. @throws VireoError when it does not answer */
export async function hasNeverRun({ monitorPath, process }: LostGuest): Promise<boolean> {
  const at = { path: monitorPath, process, timeoutMs: GREETING_MS };
  const monitor = await GuestMonitor.connect(at, {
    onEvent: () => undefined,
    onLost: () => undefined,
  });
  try {
    const answer = await monitor.execute("query-status");
    return answer instanceof Object && "status" in answer && NEVER_RAN.includes(answer.status);
  } finally {
    monitor.close();
  }
}

/** Removes what the start has made for it, as far as that is known without its definition. */
export async function clearLostGuest(paths: Paths, { directory, name }: LostGuest): Promise<void> {
  const places = [directory, channelDirectory(paths, basename(directory).replace("domain-", ""))];
  await Promise.all(places.map((path) => rm(path, { recursive: true, force: true })));
  await removePid(paths, name);
}
