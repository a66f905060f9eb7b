import assert from "node:assert/strict";
import { test } from "node:test";
import { type HostClock, hostClock, whenDue } from "./due-timer.ts";

/** A clock whose timers fire when the test says, early if it likes. */
function handClock(): HostClock & { at: number; readonly fire: () => number } {
  const waiting: (readonly [number, () => void])[] = [];
  const clock = {
    at: 1000,
    now: () => clock.at,
    after: (ms: number, call: () => void) => {
      const one = [ms, call] as const;
      waiting.push(one);
      return () => void waiting.splice(waiting.indexOf(one), 1);
    },
    /** @returns how long the timer was to wait */
    fire: () => {
      const [ms, call] = waiting.shift() ?? assert.fail("no timer is set");
      call();
      return ms;
    },
  };
  return clock;
}

test("due: a timer that fires before its moment is set again", () => {
  const clock = handClock();
  let done = 0;
  whenDue(6000, () => done++, clock);
  clock.at = 5999.4; // a moment early
  assert.equal(clock.fire(), 5000);
  assert.equal(done, 0);
  clock.at = 5999.9;
  assert.equal(clock.fire(), 1);
  assert.equal(done, 0);
  clock.at = 6000;
  clock.fire();
  assert.equal(done, 1);
  assert.throws(() => clock.fire(), /no timer/);
});

test("due: what is past is done at once, what is far away is waited for in pieces", () => {
  const clock = handClock();
  const done: string[] = [];
  whenDue(10, () => done.push("past"), clock);
  assert.equal(clock.fire(), 0);
  assert.deepEqual(done, ["past"]);
  whenDue(clock.at + 100_000_000, () => done.push("far"), clock);
  assert.equal(clock.fire(), 60_000);
  assert.deepEqual(done, ["past"]);
});

test("due: taken back, it does nothing, also after it was set again", () => {
  const clock = handClock();
  const takeBack = whenDue(2000, () => assert.fail("taken back"), clock);
  clock.at = 1500;
  clock.fire();
  takeBack();
  assert.throws(() => clock.fire(), /no timer/);
});

test("due: on the host's own clock never early", async () => {
  for (let turn = 0; turn < 20; turn++) {
    const due = hostClock.now() + 3;
    await new Promise<void>((resolve) => whenDue(due, resolve));
    assert.ok(hostClock.now() >= due);
  }
});
