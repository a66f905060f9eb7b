import assert from "node:assert/strict";
import { test } from "node:test";
import { around, lineDiff } from "./line-diff.ts";

const shown = (old: string, now: string): string =>
  lineDiff(old, now)
    .map(({ side, text }) => `${{ same: " ", old: "-", new: "+" }[side]}${text}`)
    .join("\n");

test("line diff: what went and what came, in its place", () => {
  assert.equal(shown("a\nb\nc", "a\nx\nc\nd"), " a\n-b\n+x\n c\n+d");
  assert.equal(shown("a", "a"), " a");
  assert.equal(shown("a\nb\nc\nd", "b\nd"), "-a\n b\n-c\n d");
});

test("line diff: both texts can be read out of it", () => {
  const texts = ["", "a", "a\nb", "b\na", "a\na\nb", "c\nb\na\nb", "a\nb\nc\nb\na"];
  for (const old of texts)
    for (const now of texts) {
      const lines = lineDiff(old, now);
      const without = (side: string): string =>
        lines.flatMap((line) => (line.side === side ? [] : [line.text])).join("\n");
      assert.equal(without("new"), old);
      assert.equal(without("old"), now);
    }
});

test("line diff: far from changes lines are left out once", () => {
  const old = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n");
  const near = around(lineDiff(old, old.replace("line 10", "other")), 1);
  assert.deepEqual(
    near.map((line) => line?.text),
    [undefined, "line 9", "line 10", "other", "line 11", undefined],
  );
});
