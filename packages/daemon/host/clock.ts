/** Time that never jumps. */
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds since the process began; only differences mean something. */
export const monotonicMs = (): number => performance.now();

/** Gives up waiting for `work` after `ms`: answers `undefined`; the work itself goes on. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(ms, undefined, { signal: over.signal }).catch(() => undefined),
    ]);
  } finally {
    over.abort();
  }
}
