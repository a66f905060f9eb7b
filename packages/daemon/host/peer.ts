/** Who is at the other end of a Unix socket. */
import type { Socket } from "node:net";
import { mustCall } from "./sys.ts";

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;

export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Credentials the peer had when it connected, vouched for by the kernel.
 * @throws VireoError `systemError` when `fd` is no Unix socket
 */
export function peerCredentials(fd: number): PeerCredentials {
  const ucred = Buffer.alloc(12);
  const length = Buffer.alloc(4);
  length.writeInt32LE(ucred.length);
  mustCall(
    "Cannot read the peer credentials of a socket",
    "getsockopt",
    fd,
    SOL_SOCKET,
    SO_PEERCRED,
    ucred,
    length,
  );
  return { pid: ucred.readInt32LE(0), uid: ucred.readUInt32LE(4), gid: ucred.readUInt32LE(8) };
}

/** Descriptor of a socket that Node opened, `undefined` once it is closed. */
export function socketFd(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  return typeof handle.fd === "number" && handle.fd >= 0 ? handle.fd : undefined;
}
