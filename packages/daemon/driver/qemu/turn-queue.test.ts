import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { TurnQueue } from "./turn-queue.ts";

test("turn queue: one at a time, in order of asking", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const first = Promise.withResolvers<void>();
  const works = [
    queue.run("a", async () => {
      log.push("a begins");
      await first.promise;
      log.push("a ends");
    }),
    queue.run("b", () => log.push("b")),
    queue.run("c", () => log.push("c")),
  ];
  await Promise.resolve();
  assert.equal(queue.holder?.what, "a");
  first.resolve();
  await Promise.all(works);
  assert.deepEqual(log, ["a begins", "a ends", "b", "c"]);
  assert.equal(queue.holder, undefined);
});

test("turn queue: a failure passes the turn on", async () => {
  const queue = new TurnQueue();
  await assert.rejects(
    queue.run("a", () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(await queue.run("b", () => 2), 2);
});

test("turn queue: who waits too long learns who holds the turn, and is skipped", async () => {
  const queue = new TurnQueue({ waitMs: 5 });
  const held = Promise.withResolvers<void>();
  const holder = queue.run("migrate", () => held.promise);
  await assert.rejects(
    queue.run("late", () => assert.fail("ran")),
    (error) => isError(error, "operationTimeout") && error.message.includes("(held by migrate)"),
  );
  held.resolve();
  await holder;
  assert.equal(await queue.run("next", () => 1), 1);
});

test("turn queue: the number that wait is limited", async () => {
  const queue = new TurnQueue({ length: 1 });
  const held = Promise.withResolvers<void>();
  const works = [queue.run("a", () => held.promise), queue.run("b", () => undefined)];
  await assert.rejects(
    queue.run("c", () => undefined),
    /max_queued limit/,
  );
  held.resolve();
  await Promise.all(works);
});

test("turn queue: nobody slips in while the turn is handed on", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const slow = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise(setImmediate);
    log.push(`${name} ends`);
  };
  const a = queue.run("a", slow("a"));
  const b = queue.run("b", slow("b"));
  const c = a.then(() => queue.run("c", slow("c")));
  await Promise.all([a, b, c]);
  assert.deepEqual(
    log,
    ["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test("turn queue: a job holds back what it does not admit, and is no turn itself", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const over = Promise.withResolvers<void>();
  const note = (what: string) => () => void log.push(what);
  const job = queue.runJob(
    "backup",
    (what) => what === "suspend",
    async (turn) => {
      await turn("step", note("step"));
      await over.promise;
    },
  );
  const attach = queue.run("attach", note("attach"));
  await queue.run("suspend", note("suspend"));
  assert.equal(queue.holder?.what, "backup");
  over.resolve();
  await Promise.all([job, attach]);
  assert.deepEqual(log, ["suspend", "step", "attach"]);
  assert.equal(queue.holder, undefined);
});

test("turn queue: a job waits for turns and for another job", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const slow = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise(setImmediate);
    log.push(`${name} ends`);
  };
  const all = () => true;
  await Promise.all([
    queue.run("a", slow("a")),
    queue.runJob("b", all, slow("b")),
    queue.runJob("c", all, slow("c")),
  ]);
  assert.deepEqual(
    log,
    ["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test("turn queue: a step of a job does not meet an admitted change", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const held = Promise.withResolvers<void>();
  const admitted = Promise.withResolvers<void>();
  const job = queue.runJob(
    "backup",
    () => true,
    async (turn) => {
      await admitted.promise;
      await turn("step", () => void log.push("step"));
    },
  );
  const change = queue.run("change", async () => {
    admitted.resolve();
    await held.promise;
    log.push("change");
  });
  await admitted.promise;
  await new Promise(setImmediate);
  held.resolve();
  await Promise.all([job, change]);
  assert.deepEqual(log, ["change", "step"]);
});
