import assert from "node:assert/strict";
import { test } from "node:test";
import { align } from "./align.ts";

const disk = (dev: string, more: object = {}): object => ({
  type: "file",
  target: { dev },
  ...more,
});

test("align: the same items in another order are found again", () => {
  const before = [disk("vda"), disk("vdb"), disk("vdc")];
  assert.deepEqual(align(before, [disk("vdc"), disk("vda"), disk("vdb")]), [2, 0, 1]);
});

test("align: a new item in front moves nobody", () => {
  const before = [disk("vda"), disk("vdb")];
  const after = [disk("sda"), disk("vda", { cache: "none" }), disk("vdb", { address: 3 })];
  assert.deepEqual(align(before, after), [undefined, 0, 1]);
});

test("align: a removed item takes nobody along", () => {
  assert.deepEqual(align([disk("vda"), disk("vdb")], [disk("vdb")]), [1]);
  assert.deepEqual(align([disk("vda")], []), []);
});
