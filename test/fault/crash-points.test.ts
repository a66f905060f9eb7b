/** Some points of some works; `npm run fault` takes all of all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CRASH_WORKS } from "./crash-works.ts";
import { CrashWalker } from "./walk-crash-points.ts";

/** Points of each, two works at a time. */
const SAMPLES = [
  { start: 4, "attach disk": 4, "blockcommit, active": 3 },
  { "start of a managed save": 4, "detach disk": 3, "snapshot with memory": 3 },
];

for (const sample of SAMPLES)
  test(`kill -9 in the middle: ${Object.keys(sample).join(", ")}`, {
    timeout: 120_000,
  }, async (t) => {
    for (const [name, atMost] of Object.entries(sample)) {
      const work = CRASH_WORKS.find((one) => one.name === name);
      assert.ok(work, name);
      const walker = new CrashWalker({ atMost });
      t.after(() => walker.cleanUp());
      const { points, faults } = await walker.walk(work);
      assert.deepEqual(faults, [], name);
      assert.ok(points > 0, name);
    }
  });
