import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { depthOf } from "./json-body.ts";

const walked = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(walked))
    : 0;

test("json body: its depth is that of what it says", () => {
  assert.equal(depthOf('{"a":["[[[[", "\\"[", "\\\\"]}'), 2);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      assert.equal(depthOf(JSON.stringify(value)), walked(value));
    }),
  );
});

test("json body: a million brackets are counted at once", () => {
  assert.equal(depthOf("[".repeat(1_000_000)), 1_000_000);
});
