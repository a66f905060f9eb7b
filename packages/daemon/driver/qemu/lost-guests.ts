/** Guests that run without a status we can read: found by their processes. */
import { readdirSync, readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Paths } from "../../host/paths.ts";
import { commandLineOf, processIdentity, type ProcessIdentity } from "../../host/process.ts";
import { guestNameOf } from "./image-holder.ts";

export interface LostGuest {
  readonly process: ProcessIdentity;
  readonly id: number;
  readonly name: string;
  readonly monitorPath: string;
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
  return { process, id: Number(id), name, monitorPath };
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
