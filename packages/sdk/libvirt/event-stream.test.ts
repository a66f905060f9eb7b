import assert from "node:assert/strict";
import { test } from "node:test";
import { EventOverflowError, EventStream } from "./event-stream.ts";

const stopped = (): { readonly stream: EventStream<number>; readonly stops: () => number } => {
  let stops = 0;
  const stream = new EventStream<number>(() => {
    stops += 1;
    return Promise.resolve();
  });
  return { stream, stops: () => stops };
};

test("event-stream: events come in order, and leaving the loop stops them once", async () => {
  const { stream, stops } = stopped();
  stream.push(1);
  setImmediate(() => {
    stream.push(2);
  });
  const seen: number[] = [];
  for await (const event of stream) {
    seen.push(event);
    if (event === 2) break;
  }
  await stream.close();
  assert.deepEqual(seen, [1, 2]);
  assert.equal(stops(), 1);
});

test("event-stream: closing ends a reader that waits", async () => {
  const { stream } = stopped();
  const next = stream[Symbol.asyncIterator]().next();
  await stream.close();
  stream.push(1);
  assert.deepEqual(await next, { value: undefined, done: true });
});

test("event-stream: a failure comes after what was received before it", async () => {
  const { stream, stops } = stopped();
  stream.push(1);
  stream.fail(new Error("lost"));
  const reader = stream[Symbol.asyncIterator]();
  assert.equal((await reader.next()).value, 1);
  await assert.rejects(reader.next(), /lost/u);
  assert.equal(stops(), 1);
});

test("event-stream: too slow a reader is told", async () => {
  const { stream } = stopped();
  for (let i = 0; i <= 10_000; i++) stream.push(i);
  const read = async (): Promise<void> => {
    for await (const event of stream) assert.ok(event >= 0);
  };
  await assert.rejects(read(), EventOverflowError);
});
