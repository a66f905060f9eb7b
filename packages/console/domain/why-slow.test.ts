import assert from "node:assert/strict";
import { test } from "node:test";
import { whySlow } from "./why-slow.ts";

const calm = {
  cpu: [0.2],
  steal: [0],
  wait: [0],
  memory: [1000],
  resident: [500],
  unused: [400],
  read: [0],
  written: [0],
  requests: [10],
  waited: [0.01],
  received: [0],
  sent: [0],
  dropped: [0],
};

test("why slow: nothing stands out of a calm guest", () => {
  assert.deepEqual(whySlow(calm, 2), []);
});

test("why slow: each cause is named with its figure", () => {
  const kinds = (change: object) => whySlow({ ...calm, ...change }, 2).map(({ kind }) => kind);
  assert.deepEqual(kinds({ steal: [0.5] }), ["steal"]);
  assert.deepEqual(kinds({ cpu: [1.95] }), ["cpu"]);
  assert.deepEqual(kinds({ unused: [20] }), ["memory"]);
  assert.deepEqual(kinds({ requests: [10], waited: [2] }), ["disk"]);
  assert.deepEqual(kinds({ dropped: [5] }), ["drops"]);
  assert.deepEqual(kinds({ steal: [1], dropped: [9] }), ["steal", "drops"]);
});

test("why slow: only the last samples count", () => {
  const past = { ...calm, steal: [2, 2, 2, 0, 0, 0, 0, 0] };
  assert.deepEqual(whySlow(past, 2), []);
});
