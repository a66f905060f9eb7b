/** How long the daemon's operations take, and how many are under way, by lane. */
import type { Lane } from "@vireo/model/operation/operation";

/** Upper bounds of the counted durations, in seconds. */
export const BOUNDS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60] as const;

/** Figures of one lane. */
export interface LaneFigures {
  /** Under way now, those that wait for their turn included. */
  readonly running: number;
  /** That have ended. */
  readonly count: number;
  readonly failed: number;
  readonly seconds: number;
  /** How many took at most as long as each of the bounds. */
  readonly within: readonly number[];
}

interface Counted {
  running: number;
  count: number;
  failed: number;
  seconds: number;
  readonly within: number[];
}

const nothing = (): Counted => ({
  running: 0,
  count: 0,
  failed: 0,
  seconds: 0,
  within: BOUNDS_S.map(() => 0),
});

export class Meter {
  readonly #lanes: Readonly<Record<Lane, Counted>> = {
    read: nothing(),
    modify: nothing(),
    long: nothing(),
  };

  /** An operation begins; call what is returned at its end. */
  begin(lane: Lane): (end: "ok" | "failed") => void {
    const counted = this.#lanes[lane];
    const started = performance.now();
    counted.running += 1;
    return (end) => {
      const seconds = (performance.now() - started) / 1000;
      counted.running -= 1;
      counted.count += 1;
      counted.seconds += seconds;
      if (end === "failed") counted.failed += 1;
      for (const [i, bound] of BOUNDS_S.entries())
        if (seconds <= bound) counted.within[i] = (counted.within[i] ?? 0) + 1;
    };
  }

  get lanes(): Readonly<Record<Lane, LaneFigures>> {
    return this.#lanes;
  }
}
