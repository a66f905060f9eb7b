/** virDomainState, by number. */
const states = [
  "no state",
  "running",
  "idle",
  "paused",
  "in shutdown",
  "shut off",
  "crashed",
  "pmsuspended",
] as const;

export const DomainState = { running: 1, paused: 3, shutdown: 4, shutoff: 5, crashed: 6 } as const;

/** Why a domain is in its state, by state and reason (virDomain...Reason). */
const reasons: readonly (readonly string[])[] = [
  ["unknown"],
  [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "from snapshot",
    "unpaused",
    "migration canceled",
    "save canceled",
    "event wakeup",
    "crashed",
    "post-copy",
    "post-copy failed",
  ],
  ["unknown"],
  [
    "unknown",
    "user",
    "migrating",
    "saving",
    "dumping",
    "I/O error",
    "watchdog",
    "from snapshot",
    "shutting down",
    "creating snapshot",
    "crashed",
    "starting up",
    "post-copy",
    "post-copy failed",
    "API error",
  ],
  ["unknown", "user"],
  [
    "unknown",
    "shutdown",
    "destroyed",
    "crashed",
    "migrated",
    "saved",
    "failed",
    "from snapshot",
    "daemon",
  ],
  ["unknown", "panicked"],
  ["unknown", "disk"],
];

/** The word for a state. */
export const stateText = (state: number): string => states[state] ?? "no state";

/** The words for the reason of a state. */
export const reasonText = (state: number, reason: number): string =>
  reasons[state]?.[reason] ?? "unknown";
