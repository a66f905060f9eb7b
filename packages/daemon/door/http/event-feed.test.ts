import assert from "node:assert/strict";
import { test } from "node:test";
import { EventBus } from "../../event/event-bus.ts";
import type { Connection } from "../../api/connection.ts";
import { EventFeed, type FedEvent, type FeedReader } from "./event-feed.ts";

const quiet = { events: () => new EventBus(assert.fail) } as unknown as Connection; // all that a feed asks of it

async function taken(reader: FeedReader, count: number): Promise<readonly FedEvent[]> {
  const events: FedEvent[] = [];
  for await (const event of reader) if (events.push(event) === count) break;
  return events;
}

const kindsOf = (events: readonly FedEvent[]): readonly unknown[] =>
  events.map(({ event }) => event["kind"]);

test("event feed: a reader resumes where it was, and hears of what it cannot have", async () => {
  const feed = new EventFeed(quiet);
  feed.add("domain", { kind: "one" });
  const [hello] = await taken(feed.read(), 1);
  feed.add("domain", { kind: "two" });
  feed.add("domain", { kind: "three" });
  assert.deepEqual(kindsOf(await taken(feed.read(hello?.id), 3)), ["hello", "two", "three"]);
  const epoch = hello?.id.split("-")[0] ?? "";
  for (const id of ["00000000-1", `${epoch}-99`, `${epoch}--1`, epoch, "", "x"])
    assert.deepEqual(kindsOf(await taken(feed.read(id), 1)), ["gap"], id);
  for (let i = 0; i < 10_001; i++) feed.add("domain", { kind: "more" });
  assert.deepEqual(kindsOf(await taken(feed.read(hello?.id), 1)), ["gap"], "too long ago");
});

test("event feed: too slow a reader is told where some are lost, and resumes after them", async () => {
  const feed = new EventFeed(quiet);
  const slow = feed.read();
  for (let i = 1; i <= 15_000; i++) feed.add("domain", { kind: `${i}` });
  const events = await taken(slow, 10_002);
  const [hello, gap, next] = events;
  assert.deepEqual(kindsOf([hello, gap, next] as FedEvent[]), ["hello", "gap", "5001"]);
  assert.equal(events.at(-1)?.event["kind"], "15000");
  const again = await taken(feed.read(gap?.id), 2);
  assert.deepEqual(kindsOf(again), ["hello", "5001"]);
});

test("event feed: who has left gets nothing more, and the end of the feed ends all", async () => {
  const feed = new EventFeed(quiet);
  const [left, stays] = [feed.read(), feed.read()];
  left.close();
  feed.add("domain", { kind: "one" });
  feed.close();
  const all = async (reader: FeedReader): Promise<readonly unknown[]> =>
    kindsOf(await taken(reader, 100));
  assert.deepEqual(await all(left), ["hello"]);
  assert.deepEqual(await all(stays), ["hello", "one"]);
});
