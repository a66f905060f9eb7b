/** How a request reaches the daemon: `fetch`, or the same over a Unix socket. */

import type { ByteStream } from "./byte-stream.ts";

/** Like `fetch`, with a path below the daemon's address. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

export interface Address {
  readonly send: Send;
  /** Where WebSockets are; undefined where the platform has none. */
  readonly webSocketUrl?: (path: string) => string;
  /** Opens bytes both ways. */
  readonly openBytes: (path: string) => Promise<ByteStream>;
}
