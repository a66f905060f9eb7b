/** Some of the points of each work; `npm run fault` takes all. */
import { test } from "node:test";
import { CRASH_WORKS } from "./crash-work.ts";
import { walkCrashPoints } from "./walk-crash-points.ts";

const SAMPLE = 3;

for (const work of CRASH_WORKS)
  test(`kill -9 in the middle: ${work.name}`, async (t) => {
    const points = await walkCrashPoints(work, { atMost: SAMPLE });
    t.diagnostic(`${points} points`);
  });
