import assert from "node:assert/strict";
import { test } from "node:test";
import { BOUNDS_S, Meter } from "./meter.ts";

test("meter: what runs and what has ended is counted by lane", () => {
  const meter = new Meter();
  const [first, second] = [meter.begin("read"), meter.begin("read")];
  first("ok");
  assert.equal(meter.lanes.read.running, 1);
  second("failed");
  const { running, count, failed, within, seconds } = meter.lanes.read;
  assert.deepEqual([running, count, failed], [0, 2, 1]);
  assert.equal(within.length, BOUNDS_S.length);
  assert.equal(within.at(-1), 2);
  assert.ok(seconds >= 0 && seconds < 60);
  assert.equal(meter.lanes.long.count, 0);
});
