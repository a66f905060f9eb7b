/** Where a daemon is, by URL. */
import { byteStreamOf, openedWebSocket } from "./byte-stream.ts";
import type { Address } from "./send.ts";

const UNIX = /^http\+unix:\/\/(\/[^?]+)$/;

/**
 * `http://HOST:PORT`, `https://HOST:PORT`, or `http+unix:///run/vireo/vireo-http-sock` outside browsers.
 * @throws TypeError when the URL is none of these
 */
export async function addressOf(url: string): Promise<Address> {
  const path = UNIX.exec(url)?.[1];
  if (path !== undefined) {
    const socketPath = decodeURIComponent(path);
    const { sendOverUnixSocket } = await import("./unix-socket.ts");
    const { openOverUnixSocket } = await import("./unix-web-socket.ts");
    return {
      send: sendOverUnixSocket(socketPath),
      openBytes: (at) => openOverUnixSocket(socketPath, at),
    };
  }
  const base = new URL(url);
  if (base.protocol !== "http:" && base.protocol !== "https:")
    throw new TypeError(`Cannot connect to '${url}': expected http, https or http+unix`);
  const webSocketUrl = (at: string): string => new URL(at, base).href.replace(/^http/, "ws");
  return {
    send: (at, init) => fetch(new URL(at, base), init),
    webSocketUrl,
    openBytes: async (at) => byteStreamOf(await openedWebSocket(webSocketUrl(at))),
  };
}
