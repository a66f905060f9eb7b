/** What must have happened while nobody listened, from the status that QEMU reports now. Pure. */
import type { DomainState } from "@vireo/model/operation/domain-value";
import { domainState } from "@vireo/model/state-reason";
import type { GuestEvent } from "./guest-event.ts";
import type { EndReason } from "./life-event.ts";

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

interface Found {
  /** State in which the last daemon knew the domain. */
  readonly known: DomainState;
  /** Whether a whole managed save of the domain is on disk. */
  readonly saved: boolean;
}
const PAUSED_BY_USER = domainState("paused", "user");

/** Why a QEMU that an earlier daemon left must not go on; `undefined` when it may. */
export function endOfFound(answer: unknown, { known, saved }: Found): EndReason | undefined {
  const status = statusIn(answer);
  // it died between the two: disks that go on would not fit the memory in the image
  if (saved && status !== "running") return "saved";
  const wantedSo = known.state === PAUSED_BY_USER.state && known.reason === PAUSED_BY_USER.reason;
  // it died while it was starting the guest, or while it was bringing back its memory
  const begun = status === "inmigrate" || (status === "prelaunch" && !wantedSo);
  return begun ? "failed" : undefined;
}

/** Events that lead from any state to the one in the answer to `query-status`. */
export const missedEvents = (answer: unknown): readonly GuestEvent[] =>
  MISSED[statusIn(answer)] ?? [];
