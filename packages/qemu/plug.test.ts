import assert from "node:assert/strict";
import { test } from "node:test";
import { argv, plug, type PlugStep, unplug } from "./plug.ts";

const origin = "/domain/devices/disk[1]";
const steps: readonly PlugStep[] = [
  { kind: "object", properties: { "qom-type": "iothread", id: "io" }, origin },
  { kind: "blockdev", properties: { driver: "null-co", "node-name": "n" }, origin },
  { kind: "chardev", id: "c", backend: { type: "null" }, origin },
  { kind: "device", properties: { driver: "virtio-blk-pci", id: "d" }, origin },
];

test("plug: the same properties at start and over QMP", () => {
  const args = argv(steps);
  for (const [index, step] of steps.entries()) {
    if (step.kind === "chardev") continue;
    assert.deepEqual(JSON.parse(args[index]?.value ?? ""), plug(step)?.arguments);
    assert.equal(args[index]?.origin, origin);
  }
});

test("plug: every step has its way back, by the name it was given", () => {
  assert.deepEqual(steps.toReversed().map(unplug), [
    { execute: "device_del", arguments: { id: "d" } },
    { execute: "chardev-remove", arguments: { id: "c" } },
    { execute: "blockdev-del", arguments: { "node-name": "n" } },
    { execute: "object-del", arguments: { id: "io" } },
  ]);
});

test("plug: what QEMU takes only at start has no command", () => {
  assert.equal(plug({ kind: "option", option: "-usb", origin }), undefined);
});
