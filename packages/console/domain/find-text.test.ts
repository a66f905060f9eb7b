import assert from "node:assert/strict";
import { test } from "node:test";
import { findAbove } from "./find-text.ts";

const lines = ["boot ok", "error: disk", "ok ok", ""];

test("find text: from the end upwards, and round again", () => {
  const first = findAbove(lines, "OK", undefined);
  assert.deepEqual(first, { line: 2, column: 3 });
  const second = findAbove(lines, "ok", first);
  assert.deepEqual(second, { line: 2, column: 0 });
  const third = findAbove(lines, "ok", second);
  assert.deepEqual(third, { line: 0, column: 5 });
  assert.deepEqual(findAbove(lines, "ok", third), first);
});

test("find text: nothing is found of nothing", () => {
  assert.equal(findAbove(lines, "", undefined), undefined);
  assert.equal(findAbove(lines, "absent", undefined), undefined);
  assert.equal(findAbove([], "ok", undefined), undefined);
});
