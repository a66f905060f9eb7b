/** Starts the programs that serve one guest over a socket and end with its QEMU. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chmod, chown, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { virError } from "@vireo/model/error";
import { processIdentity, signalProcess } from "../../host/process.ts";
import { listenUnix, removeSocket } from "../../host/unix-listener.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import type { Companion } from "./domain-view.ts";
import type { Undo } from "./undo.ts";

/** Where the program finds the socket it is to serve. */
export const SERVED_FD = 3;

interface Wanted {
  readonly name: string;
  readonly program: string;
  readonly argv: readonly string[];
  readonly socket: string;
  readonly log: string;
  /** Whose QEMU is to connect. */
  readonly user?: QemuUser | undefined;
}

/**
 * QEMU may connect at once: the socket listens before the program runs.
 * @throws VireoError `internalError` when it cannot be run
 */
export async function startCompanion(
  { name, program, argv, socket, log: logPath, user }: Wanted,
  undo: Undo,
): Promise<Companion> {
  await mkdir(dirname(socket), { recursive: true, mode: 0o700 });
  const fd = listenUnix(socket);
  undo.add(`socket ${socket}`, () => removeSocket(socket));
  if (user !== undefined) await openTo(user, socket);
  const log = openSync(logPath, "a", 0o600);
  const child = spawn(program, argv, { detached: true, stdio: ["ignore", log, log, fd] });
  for (const given of [fd, log]) closeSync(given);
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const spawned = new Promise<void>((resolve) => child.once("spawn", resolve));
  try {
    await Promise.race([failed, spawned]);
  } catch (cause) {
    throw virError("internalError", `Could not start '${name}'`, { cause });
  }
  failed.catch(() => undefined);
  child.unref();
  const identity = processIdentity(child.pid ?? 0);
  if (identity === undefined)
    throw virError("internalError", `${name} ended at once, see '${logPath}'`);
  undo.add(name, () => signalProcess(identity, "SIGTERM"));
  return { name, ...identity };
}

async function openTo({ uid, gid }: QemuUser, socket: string): Promise<void> {
  await chmod(dirname(socket), 0o711);
  await chown(socket, uid, gid);
}
