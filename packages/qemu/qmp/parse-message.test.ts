import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "./parse-message.ts";

const nested = (levels: number): string => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;

test("parse message: depth has a limit, brackets in strings do not count", () => {
  assert.ok("a" in parseMessage(nested(900)));
  assert.throws(() => parseMessage(nested(1001)), RangeError);
  assert.throws(() => parseMessage(nested(1_000_000)), RangeError);
  const text = `${"[".repeat(5000)}\\"${"{".repeat(5000)}`;
  assert.ok("a" in parseMessage(`{"a":"${text}"}`));
});

test("parse message: only objects, and only whole ones", () => {
  assert.throws(() => parseMessage("[1]"), TypeError);
  assert.throws(() => parseMessage("null"), TypeError);
  assert.throws(() => parseMessage('{"a":'), SyntaxError);
});

test("parse message: 10 MiB made to be hard to read cost no more than others", () => {
  const began = performance.now();
  assert.throws(() => parseMessage(`{"a":"${'\\"'.repeat(5 * 1024 * 1024)}`), SyntaxError);
  assert.ok(performance.now() - began < 2000);
});
