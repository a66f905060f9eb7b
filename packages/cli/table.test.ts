import assert from "node:assert/strict";
import { test } from "node:test";
import { stringWidth } from "./string-width.ts";
import { formatTable } from "./table.ts";

test("table: columns are as wide as their widest cell, the ruler as the table", () => {
  const text = formatTable(["Id", "Name", "State"], [["1", "test", "running"]], { quiet: false });
  assert.equal(text, " Id   Name   State\n----------------------\n 1    test   running\n");
});

test("table: quiet has neither header nor ruler, and does not make room for it", () => {
  const rows = [["1", "test", "running"]];
  assert.equal(
    formatTable(["Id", "Name", "State"], rows, { quiet: true }),
    " 1   test   running\n",
  );
  assert.equal(formatTable(["Id"], [], { quiet: true }), "");
});

test("table: wide and combining characters are measured in cells, control characters shown", () => {
  const rows = [["日本"], ["e\u0301"], ["a\nb"]].map(([name = ""]) => [name, "x"]);
  const lines = formatTable(["N", "V"], rows, { quiet: true }).trimEnd().split("\n");
  assert.deepEqual(lines, [" 日本     x", " e\u0301        x", " a\\x0ab   x"]);
  assert.equal(stringWidth("👍a"), 3);
});
