/**
 * The administrator's scripts that are told of what happens, as libvirt calls them: `hooks/NAME`,
 * then the programs in `hooks/NAME.d` in alphabetical order.
 */
import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { hasCode } from "./errno.ts";
import { execProgram } from "./exec.ts";

/** A script that hangs holds up one start, and that not for ever. */
const DEADLINE_MS = 60_000;

export interface HookCall {
  readonly kind: "qemu" | "network" | "daemon";
  /** Name of the object, `-` for the daemon itself. */
  readonly object: string;
  readonly operation: string;
  readonly phase: "begin" | "end" | "-";
  readonly extra?: string;
  /** What the script reads. */
  readonly input?: string;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  }
}

/** The scripts of one kind that there are now. */
async function scriptsOf(directory: string, kind: HookCall["kind"]): Promise<readonly string[]> {
  const more = join(directory, `${kind}.d`);
  const all = [join(directory, kind), ...(await namesIn(more)).map((name) => join(more, name))];
  const are = await Promise.all(all.map(isProgram));
  return all.filter((_path, i) => are[i]);
}

/**
 * Runs every script, also when one before it has failed (libvirt behaviour).
 * @throws VireoError `hookScriptFailed` with what the last that failed said
 */
export async function runHooks(
  directory: string,
  { kind, object, operation, phase, extra = "-", input = "" }: HookCall,
): Promise<void> {
  let failure: unknown;
  for (const script of await scriptsOf(directory, kind))
    await execProgram(script, [object, operation, phase, extra], {
      input,
      timeoutMs: DEADLINE_MS,
    }).catch((error: unknown) => {
      failure = error;
    });
  if (failure === undefined) return;
  const why = failure instanceof Error ? failure.message : String(failure);
  throw virError("hookScriptFailed", why, { cause: failure });
}
