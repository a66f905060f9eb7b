/** Sockets that are read into memory which is used again and again. */
import { Socket } from "node:net";
import type { LendingSocket } from "@vireo/rpc/packet-socket";
import { socketFd } from "./peer.ts";
import { tryCall } from "./sys.ts";

const F_DUPFD_CLOEXEC = 1030;
/** One for all: whoever is lent a piece copies what he keeps before he returns. */
const memory = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * The same connection, read without garbage; as it was when that cannot be.
 * @param socket accepted with `pauseOnConnect`, so that nothing of it was read yet
 */
export function lendingSocket(socket: Socket): Socket | LendingSocket {
  const fd = socketFd(socket);
  const copy = fd === undefined ? undefined : tryCall("fcntl", fd, F_DUPFD_CLOEXEC, 0);
  if (copy?.ok !== true) return socket.resume();
  socket.destroy();
  let take: (piece: Buffer) => void = () => undefined;
  const callback = (bytes: number): boolean => {
    take(memory.subarray(0, bytes));
    return true;
  };
  const lending = new Socket({ fd: copy.value, onread: { buffer: memory, callback } });
  return Object.assign(lending, {
    lendTo: (listener: typeof take): void => {
      take = listener;
    },
  });
}
