/**
 * Listening Unix sockets as plain descriptors, to be handed to a child. Node's own servers would
 * accept on them; this one never does, so that clients wait in the backlog until the child serves.
 */
import { closeSync, rmSync } from "node:fs";
import { virError } from "@vireo/model/error";
import { mustCall } from "./sys.ts";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2_000_000;
/** Bytes of `sun_path`, with its final NUL. */
const PATH_BYTES = 108;
const BACKLOG = 16;

/**
 * Makes the socket and returns its descriptor, which the caller closes.
 * @throws VireoError `systemError`; `invalidArg` for a path that does not fit into an address
 */
export function listenUnix(path: string): number {
  const name = Buffer.from(path);
  if (name.length >= PATH_BYTES)
    throw virError("invalidArg", `UNIX socket path '${path}' too long`);
  const address = Buffer.alloc(2 + PATH_BYTES);
  address.writeUInt16LE(AF_UNIX);
  name.copy(address, 2);
  const fd = mustCall(
    "Cannot make a UNIX socket",
    "socket",
    AF_UNIX,
    SOCK_STREAM | SOCK_CLOEXEC,
    0,
  );
  try {
    rmSync(path, { force: true });
    mustCall(`Cannot bind UNIX socket '${path}'`, "bind", fd, address, address.length);
    mustCall(`Cannot listen on UNIX socket '${path}'`, "listen", fd, BACKLOG);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
