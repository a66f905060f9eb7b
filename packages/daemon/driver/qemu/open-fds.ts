/** Opens what a new QEMU is to inherit. */
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import type { FdNeed, GrantedFd } from "@vireo/qemu/command/fd-needs";
import type { PassedFd } from "@vireo/qemu/process";
import { hostRoots } from "../../host/device-roots.ts";
import { hostError } from "../../host/errno.ts";
import { listenUnix, removeSocket } from "../../host/unix-listener.ts";
import type { GuestTaps, TapSource } from "./guest-taps.ts";
import type { Undo } from "./undo.ts";

const LOG_MODE = 0o600;

function opened(path: string, flags: number): number {
  try {
    return openSync(path, flags, LOG_MODE);
  } catch (error) {
    throw hostError(`Unable to open '${path}'`, error);
  }
}

const pathOf = (need: FdNeed): string => {
  if (need.path === undefined)
    throw virError("internalError", `nobody said what ${need.kind} of ${need.id} to open`);
  return need.path;
};

function vsock(): number {
  try {
    return openSync("/dev/vhost-vsock", constants.O_RDWR);
  } catch (cause) {
    throw virError("configUnsupported", "unable to open vhost-vsock device", { cause });
  }
}

/** How device nodes are opened that are not read and written. */
const MODES: Partial<Readonly<Record<FdNeed["kind"], number>>> = {
  "tpm-cancel": constants.O_WRONLY,
};

const writing = (append: boolean): number =>
  constants.O_WRONLY | constants.O_CREAT | (append ? constants.O_APPEND : constants.O_TRUNC);

function listening(path: string, undo: Undo): number {
  const fd = listenUnix(path);
  undo.add(`socket ${path}`, () => removeSocket(path));
  return fd;
}

/**
 * Opens one for a QEMU, which will have it for its own.
 * @throws VireoError `systemError`
 */
export async function openFor(need: FdNeed, taps: TapSource, undo: Undo): Promise<number> {
  switch (need.kind) {
    case "monitor":
    case "listen":
      return listening(pathOf(need), undo);
    case "file":
    case "log":
      return opened(pathOf(need), writing(need.append === true));
    case "tap":
      return taps.descriptor(need.id, need.queue ?? 0);
    case "vhost-vsock":
      return vsock();
    case "vhost-scsi":
      return opened(join(hostRoots().dev, "vhost-scsi"), constants.O_RDWR);
    case "vhost-user-gpu":
      throw virError("configUnsupported", `no program of this host serves GPUs (${need.id})`);
    default:
      return opened(need.path ?? `/dev/${need.kind}`, MODES[need.kind] ?? constants.O_RDWR);
  }
}

/** Descriptors that are ours until a process has them. */
export class HeldFds {
  readonly #held: PassedFd[] = [];

  add(fd: PassedFd): void {
    this.#held.push(fd);
  }

  /** Gives them to who closes them from now on. */
  handOn(): readonly PassedFd[] {
    return this.#held.splice(0);
  }

  close(): void {
    for (const { fd } of this.#held.splice(0)) closeSync(fd);
  }
}

/**
 * Opens all, each with the number QEMU expects.
 * @throws VireoError `systemError`
 */
export async function openFds(
  needs: readonly GrantedFd[],
  taps: GuestTaps,
  undo: Undo,
): Promise<HeldFds> {
  const held = new HeldFds();
  undo.add("inherited descriptors", () => held.close());
  undo.add("tap devices", () => taps.close());
  for (const need of needs) held.add({ fd: await openFor(need, taps, undo), as: need.fd });
  return held;
}
