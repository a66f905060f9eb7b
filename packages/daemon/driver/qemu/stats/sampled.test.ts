import assert from "node:assert/strict";
import { test } from "node:test";
import { virError } from "@vireo/model/error";
import { Sampled } from "./sampled.ts";

const SOON_MS = 20;
const LONG_MS = 60_000;

test("sampled: an answer that comes in time is fresh", async () => {
  const sampled = new Sampled();
  assert.equal(await sampled.read(() => Promise.resolve(1), LONG_MS), 1);
  assert.equal(await sampled.read(() => Promise.resolve(2), LONG_MS), 2);
});

test("sampled: a late one is replaced by the last, and waited for only once", async () => {
  const sampled = new Sampled();
  await sampled.read(() => Promise.resolve("old"), LONG_MS);
  const late = Promise.withResolvers<unknown>();
  let asked = 0;
  const ask = (): Promise<unknown> => {
    asked += 1;
    return late.promise;
  };
  assert.equal(await sampled.read(ask, SOON_MS), "old");
  const start = performance.now();
  for (let i = 0; i < 100; i++) assert.equal(await sampled.read(ask, SOON_MS), "old");
  assert.ok(performance.now() - start < 100 * SOON_MS, "nobody waits again");
  assert.equal(asked, 1);
  late.resolve("new");
  await late.promise;
  assert.equal(await sampled.read(() => Promise.resolve("newer"), LONG_MS), "newer");
});

test("sampled: who asks meanwhile gets the same answer", async () => {
  const sampled = new Sampled();
  const answer = Promise.withResolvers<unknown>();
  const both = [sampled.read(() => answer.promise, LONG_MS), sampled.read(assert.fail, LONG_MS)];
  answer.resolve(5);
  assert.deepEqual(await Promise.all(both), [5, 5]);
});

test("sampled: a guest that is only late keeps its last figures, one that refuses has none", async () => {
  const sampled = new Sampled();
  await sampled.read(() => Promise.resolve("old"), LONG_MS);
  const stopped = virError("operationTimeout", "stopped by a signal");
  assert.equal(await sampled.read(() => Promise.reject(stopped), LONG_MS), "old");
  const refused = virError("internalError", "no such device");
  assert.equal(await sampled.read(() => Promise.reject(refused), LONG_MS), undefined);
});
