import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRanges, readBitmap } from "./cpu-map.ts";
import { linuxKeys } from "./linux-key.ts";
import { formatTree } from "./tree.ts";
import { formatSize } from "./unit.ts";

test("size: the largest unit that keeps it above one", () => {
  assert.equal(formatSize(0n), "0.000 bytes");
  assert.equal(formatSize(1023n), "1023.000 bytes");
  assert.equal(formatSize(1024n), "1.000 KiB");
  assert.equal(formatSize(270_553_174_016n, 2), "251.97 GiB");
});

test("cpu map: bits and ranges", () => {
  const map = readBitmap(Uint8Array.of(0b1001_0111, 1), 10);
  assert.equal(formatRanges(map), "0-2,4,7-8");
  assert.equal(formatRanges([]), "");
});

test("tree: children stand under their parents", () => {
  const parents = new Map([
    ["a", undefined],
    ["b", "a"],
    ["c", "b"],
    ["d", "a"],
  ]);
  const lines = formatTree(parents)
    .split("\n")
    .map((line) => line.trimEnd());
  assert.deepEqual(lines, ["a", "  |", "  +- b", "  |   |", "  |   +- c", "  |", "  +- d", ""]);
});

test("keys: names have Linux's codes", () => {
  const codes = {
    KEY_ESC: 1,
    KEY_ENTER: 28,
    KEY_F12: 88,
    KEY_DELETE: 111,
    KEY_LEFTMETA: 125,
    KEY_WAKEUP: 143,
  };
  for (const [name, code] of Object.entries(codes)) assert.equal(linuxKeys.get(name), code, name);
});
