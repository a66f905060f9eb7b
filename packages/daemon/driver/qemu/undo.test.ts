import assert from "node:assert/strict";
import { test } from "node:test";
import { Undo } from "./undo.ts";

test("undo: steps are taken back in reverse order, also past one that fails", async () => {
  const undo = new Undo();
  const log: string[] = [];
  undo.add("first", () => log.push("first"));
  undo.add("second", () => Promise.reject(new Error("stuck")));
  undo.add("third", async () => {
    await Promise.resolve();
    log.push("third");
  });
  await undo.run((what, error) => log.push(`${what}: ${String(error)}`));
  assert.deepEqual(log, ["third", "second: Error: stuck", "first"]);
});

test("undo: what has succeeded is not taken back", async () => {
  const undo = new Undo();
  undo.add("x", () => assert.fail("ran"));
  undo.forget();
  await undo.run(assert.fail);
});
