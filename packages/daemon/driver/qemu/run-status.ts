/** What must have happened while nobody listened, from the status that QEMU reports now. Pure. */
import type { GuestEvent } from "./guest-event.ts";

const event = (name: string, data: GuestEvent["data"] = {}): GuestEvent => ({ name, data });

const MISSED: Readonly<Record<string, readonly GuestEvent[]>> = {
  running: [event("RESUME")],
  paused: [event("STOP")],
  debug: [event("STOP")],
  "io-error": [event("BLOCK_IO_ERROR", { action: "stop" }), event("STOP")],
  watchdog: [event("WATCHDOG", { action: "pause" }), event("STOP")],
  shutdown: [event("SHUTDOWN", { guest: true })],
  "guest-panicked": [event("GUEST_PANICKED")],
  suspended: [event("SUSPEND")],
};

const statusIn = (answer: unknown): string =>
  typeof answer === "object" &&
  answer !== null &&
  "status" in answer &&
  typeof answer.status === "string"
    ? answer.status
    : "";

/** The QEMU never ran its guest: a daemon died while it was starting it. */
export const neverRan = (answer: unknown): boolean => statusIn(answer) === "prelaunch";

/** Events that lead from any state to the one in the answer to `query-status`. */
export const missedEvents = (answer: unknown): readonly GuestEvent[] =>
  MISSED[statusIn(answer)] ?? [];
