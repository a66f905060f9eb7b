/** Proof of life, either way. Both messages have serial 0 and no body. */
import { event } from "./procedure.ts";

/** Program "keepalive" ("keep" in ASCII). */
export const keepalive = {
  name: "keepalive",
  number: 0x6b65_6570,
  version: 1,
  procedures: { ping: event(1, {}), pong: event(2, {}) },
} as const;
