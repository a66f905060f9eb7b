/** Passes an open descriptor to another process, with the bytes that say what it is for. */
import type { Socket } from "node:net";
import { virError } from "@vireo/model/error";
import { socketFd } from "./peer.ts";
import { mustCall } from "./sys.ts";

const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** A control message on 64-bit Linux: length, level and type, then one descriptor, padded to eight bytes. */
const CONTROL_LENGTH = 20;
const CONTROL_SPACE = 24;

function controlOf(fd: number): Buffer {
  const control = Buffer.alloc(CONTROL_SPACE);
  control.writeBigUInt64LE(BigInt(CONTROL_LENGTH), 0);
  control.writeInt32LE(SOL_SOCKET, 8);
  control.writeInt32LE(SCM_RIGHTS, 12);
  control.writeInt32LE(fd, 16);
  return control;
}

/**
 * Sends `text` on a unix socket, and a copy of `fd` with it; never waits.
 * @throws VireoError `operationFailed` when the peer has not taken earlier bytes, `systemError`
 */
export function sendDescriptor(socket: Socket, text: string, fd: number): void {
  const bytes = Buffer.from(text);
  const at = socketFd(socket);
  if (at === undefined || socket.writableLength > 0)
    throw virError("operationFailed", "the peer has not taken what was sent before");
  const control = controlOf(fd);
  const message = {
    msg_name: null,
    msg_namelen: 0,
    msg_iov: [{ iov_base: bytes, iov_len: bytes.length }],
    msg_iovlen: 1,
    msg_control: control,
    msg_controllen: control.length,
    msg_flags: 0,
  };
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  const sent = mustCall("Cannot send a descriptor", "sendmsg", at, message, flags);
  if (sent < bytes.length) socket.write(bytes.subarray(sent));
}
