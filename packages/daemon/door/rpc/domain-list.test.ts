import assert from "node:assert/strict";
import { test } from "node:test";
import { filtered } from "./domain-list.ts";

const domain = (name: string, more: object = {}) => ({
  name,
  uuid: name,
  state: "shutoff" as const,
  reason: 0,
  tags: [],
  persistent: true,
  autostart: false,
  managedSave: false,
  snapshots: 0,
  checkpoints: 0,
  ...more,
});
const all = [
  domain("off"),
  domain("on", { id: 1, state: "running", autostart: true }),
  domain("held", { id: 2, state: "paused", persistent: false }),
  domain("dead", { state: "crashed", snapshots: 2 }),
];
const names = (filters: Parameters<typeof filtered>[1]): string[] =>
  filtered(all, filters).map(({ name }) => name);

test("list: without filters everything", () => {
  assert.deepEqual(names({}), ["off", "on", "held", "dead"]);
});

test("list: filters of one group are alternatives", () => {
  assert.deepEqual(names({ active: true, inactive: true }), ["off", "on", "held", "dead"]);
  assert.deepEqual(names({ running: true, paused: true }), ["on", "held"]);
});

test("list: filters of different groups add up", () => {
  assert.deepEqual(names({ active: true, persistent: true }), ["on"]);
  assert.deepEqual(names({ inactive: true, hasSnapshot: true }), ["dead"]);
  assert.deepEqual(names({ otherState: true, noAutostart: true }), ["dead"]);
});
