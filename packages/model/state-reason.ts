/** Why a domain is in its state. The position of a word is libvirt's number. */
import type { DomainState } from "./operation/domain-value.ts";

export const STATE_REASONS = {
  nostate: ["unknown"],
  running: [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "fromSnapshot",
    "unpaused",
    "migrationCanceled",
    "saveCanceled",
    "wakeup",
    "crashed",
    "postcopy",
    "postcopyFailed",
  ],
  blocked: ["unknown"],
  paused: [
    "unknown",
    "user",
    "migration",
    "save",
    "dump",
    "ioError",
    "watchdog",
    "fromSnapshot",
    "shuttingDown",
    "snapshot",
    "crashed",
    "startingUp",
    "postcopy",
    "postcopyFailed",
  ],
  shutdown: ["unknown", "user"],
  shutoff: [
    "unknown",
    "shutdown",
    "destroyed",
    "crashed",
    "migrated",
    "saved",
    "failed",
    "fromSnapshot",
    "daemon",
  ],
  crashed: ["unknown", "panicked"],
  pmsuspended: ["unknown"],
} as const satisfies Readonly<Record<DomainState["state"], readonly string[]>>;
export type StateReason<S extends DomainState["state"]> = (typeof STATE_REASONS)[S][number];

/** A state with its reason in words, as numbers travel. */
export function domainState<S extends DomainState["state"]>(
  state: S,
  reason: StateReason<S>,
): DomainState {
  const words: readonly string[] = STATE_REASONS[state];
  return { state, reason: words.indexOf(reason) };
}

/** The word of a state's reason, `unknown` for a number that has none. */
export const reasonWord = ({ state, reason }: DomainState): string =>
  STATE_REASONS[state][reason] ?? "unknown";
