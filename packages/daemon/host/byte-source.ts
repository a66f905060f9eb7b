/** Bytes that somebody reads. */
import type { Hole } from "./sparse-frame.ts";

/**
 * Read by iteration and in no other way: a piece's memory is good until the next one is asked for, so
 * that gigabytes pass through the same quarter of a megabyte. Holes come only where they were asked for.
 * Leaving the loop ends the source; iterating fails with what went wrong there.
 */
export interface ByteSource extends AsyncIterable<Buffer | Hole> {
  /** Ends it; who iterates fails with `why`. */
  readonly destroy: (why?: Error) => unknown;
  /** Calls back when it has ended, whichever way. */
  readonly once: (event: "close", then: () => void) => unknown;
}
