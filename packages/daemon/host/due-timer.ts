/**
 * A moment of the host's clock at which something is done. Timers count by a clock of their own and may fire
 * a little before the moment comes: then they are set again for the rest.
 */

export interface HostClock {
  /** Milliseconds since the host started; never jumps, and all processes see the same. */
  readonly now: () => number;
  /** Calls once after about so many milliseconds. @returns what takes it back */
  readonly after: (ms: number, call: () => void) => () => void;
}

const NS_PER_MS = 1_000_000n;

/** Longest wait of one timer; what is further away is waited for in pieces. */
const LONGEST_MS = 60_000;

export const hostClock: HostClock = {
  now: () => Number(process.hrtime.bigint() / NS_PER_MS),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls `work` once when the clock has come to `dueMs`, never before. @returns what takes it back */
export function whenDue(dueMs: number, work: () => void, clock = hostClock): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const left = dueMs - clock.now();
    if (left <= 0) work();
    else cancel = clock.after(Math.min(Math.ceil(left), LONGEST_MS), look);
  };
  cancel = clock.after(Math.min(Math.max(0, Math.ceil(dueMs - clock.now())), LONGEST_MS), look);
  return () => cancel();
}
