/** Unix sockets that Node cannot make: one that survives in the hands of another process. */
import { chmodSync, closeSync, constants, openSync, unlinkSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { virError } from "@vireo/model/error";
import { hasCode, hostError } from "./errno.ts";
import { mustCall } from "./sys.ts";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** The kernel's `sun_path`, with its NUL. */
const PATH_SIZE = 108;
const BACKLOG = 5;

/**
 * A listening socket as a bare descriptor. The file at `path` stays when the descriptor is closed
 * here, so whoever inherited it can still be reached; Node's own servers remove it.
 * @throws VireoError `systemError`
 */
export function listenUnix(path: string, mode = 0o600): number {
  removeSocket(path);
  const what = `Unable to listen on socket '${path}'`;
  const fd = mustCall(what, "socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  try {
    atShortPath(path, (short) => {
      const address = addressOfPath(short);
      mustCall(what, "bind", fd, address, address.length);
    });
    chmodSync(path, mode);
    mustCall(what, "listen", fd, BACKLOG);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Connects, also where the path is longer than the kernel takes in an address. */
export const connectUnix = (path: string): Socket =>
  atShortPath(path, (short) => createConnection(short));

export function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw hostError(`Cannot remove socket '${path}'`, error);
  }
}

function addressOfPath(path: string): Buffer {
  const name = Buffer.from(`${path}\0`);
  if (name.length > PATH_SIZE)
    throw virError("internalError", `UNIX socket path '${path}' too long`);
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, name]);
}

/** Names a long path through a descriptor of its directory while `use` runs. */
function atShortPath<T>(path: string, use: (short: string) => T): T {
  if (Buffer.byteLength(path) < PATH_SIZE) return use(path);
  const directory = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return use(`/proc/self/fd/${directory}/${basename(path)}`);
  } finally {
    closeSync(directory);
  }
}
