/** Connections to sockets of this machine. */
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { virError } from "@vireo/model/error";
import { hostError } from "./errno.ts";

const DEADLINE_MS = 5000;

/**
 * Resolves with the open connection.
 * @throws VireoError `systemError` when it is refused; `operationTimeout` after 5 s
 */
export function connectSocket(where: NetConnectOpts, what: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(where);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(virError("operationTimeout", `${what} did not answer in ${DEADLINE_MS} ms`));
    }, DEADLINE_MS);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", refused);
      resolve(socket);
    });
    const refused = (error: Error): void => {
      clearTimeout(timer);
      reject(hostError(`Cannot connect to ${what}`, error));
    };
    socket.once("error", refused);
  });
}
