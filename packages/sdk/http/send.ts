/** How a request reaches the daemon: `fetch`, or the same over a Unix socket. */

/** Like `fetch`, with a path below the daemon's address. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

export interface Address {
  readonly send: Send;
  /** Where WebSockets are; undefined where there are none. */
  readonly webSocketUrl?: (path: string) => string;
}
