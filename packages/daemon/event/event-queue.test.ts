import assert from "node:assert/strict";
import { test } from "node:test";
import { EventQueue } from "./event-queue.ts";

test("event queue: a slow reader loses the oldest and learns how many", async () => {
  const queue = new EventQueue<number>(3);
  for (let i = 1; i <= 5; i++) queue.push(i);
  queue.close();
  assert.equal(queue.lost, 2);
  const rest: number[] = [];
  for await (const item of queue) rest.push(item);
  assert.deepEqual(rest, [3, 4, 5]);
});

test("event queue: a waiting reader gets the item at once", async () => {
  const queue = new EventQueue<string>();
  const waiting = queue.next();
  queue.push("now");
  assert.deepEqual(await waiting, { value: "now", done: false });
});

test("event queue: closing releases a waiting reader and ignores later items", async () => {
  const queue = new EventQueue<string>();
  const waiting = queue.next();
  queue.close();
  queue.push("late");
  assert.deepEqual(await waiting, { value: undefined, done: true });
  assert.deepEqual(await queue.next(), { value: undefined, done: true });
});
