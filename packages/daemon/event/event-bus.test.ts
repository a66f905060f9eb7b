import assert from "node:assert/strict";
import { test } from "node:test";
import { lifecycleNumbers, type DomainEvent } from "@vireo/model/event";
import { EventBus } from "./event-bus.ts";

const domain = { name: "web1", uuid: "00000000-0000-0000-0000-000000000001" };
const reboot: DomainEvent = { kind: "reboot", domain };
const rtc = (offset: number): DomainEvent => ({ kind: "rtcChange", domain, offset });

test("event bus: everyone hears every event before publish returns", () => {
  const bus = new EventBus<DomainEvent>(assert.fail);
  const heard: string[] = [];
  bus.subscribe((event) => heard.push(`a ${event.kind}`));
  bus.subscribe((event) => heard.push(`b ${event.kind}`));
  bus.publish(reboot, rtc(3));
  assert.deepEqual(heard, ["a reboot", "b reboot", "a rtcChange", "b rtcChange"]);
});

test("event bus: an event published by a listener comes after the one being told", () => {
  const bus = new EventBus<DomainEvent>(assert.fail);
  const heard: string[] = [];
  bus.subscribe((event) => {
    if (event.kind === "reboot") bus.publish(rtc(1));
  });
  bus.subscribe((event) => heard.push(event.kind));
  bus.publish(reboot);
  assert.deepEqual(heard, ["reboot", "rtcChange"]);
});

test("event bus: a throwing listener is reported and others still hear", () => {
  const faults: unknown[] = [];
  const bus = new EventBus<DomainEvent>((error) => faults.push(error));
  let heard = 0;
  bus.subscribe(() => {
    throw new Error("broken");
  });
  bus.subscribe(() => heard++);
  bus.publish(reboot, reboot);
  assert.equal(heard, 2);
  assert.equal(faults.length, 2);
});

test("event bus: unsubscribing during delivery takes effect at once", () => {
  const bus = new EventBus<DomainEvent>(assert.fail);
  let heard = 0;
  bus.subscribe(() => stop());
  const stop = bus.subscribe(() => heard++);
  bus.publish(reboot);
  stop();
  assert.equal(heard, 0);
  assert.equal(bus.subscribers, 1);
});

test("event bus: the number of subscribers is limited", () => {
  const bus = new EventBus<DomainEvent>(assert.fail);
  for (let i = 0; i < 10_000; i++) bus.subscribe(() => undefined);
  assert.throws(() => bus.subscribe(() => undefined), /more than 10000 event subscribers/);
});

test("lifecycle numbers: words map to libvirt's numbers", () => {
  assert.deepEqual(lifecycleNumbers({ event: "defined", detail: "added" }), {
    event: 0,
    detail: 0,
  });
  assert.deepEqual(lifecycleNumbers({ event: "stopped", detail: "destroyed" }), {
    event: 5,
    detail: 1,
  });
  assert.deepEqual(lifecycleNumbers({ event: "shutdown", detail: "host" }), {
    event: 6,
    detail: 2,
  });
  assert.deepEqual(lifecycleNumbers({ event: "crashed", detail: "panicked" }), {
    event: 8,
    detail: 0,
  });
});
