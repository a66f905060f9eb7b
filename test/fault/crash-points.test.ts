/** Some points of some works; `npm run fault` takes all of all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CRASH_WORKS } from "./crash-works.ts";
import { CrashWalker } from "./walk-crash-points.ts";

/** Points of each; the two lists are walked side by side. */
const SAMPLES = [
  { start: 4, "attach disk": 4, "blockcommit, active": 3 },
  { "start of a managed save": 4, "detach disk": 3, "snapshot with memory": 3 },
];

test("kill -9 in the middle of an operation: all is as before or as after", {
  timeout: 110_000,
}, async (t) => {
  const walkAll = async (sample: Readonly<Record<string, number>>): Promise<void> => {
    const walker = new CrashWalker();
    t.after(() => walker.cleanUp());
    for (const [name, atMost] of Object.entries(sample)) {
      const work = CRASH_WORKS.find((one) => one.name === name);
      assert.ok(work, name);
      const { points, faults } = await walker.walk(work, atMost);
      assert.deepEqual(faults, [], name);
      assert.ok(points > 0, name);
    }
  };
  await Promise.all(SAMPLES.map(walkAll));
});
