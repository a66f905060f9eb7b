import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSlots } from "./cpu-slot.ts";

const slot = (props: Readonly<Record<string, number>>) => ({
  type: "qemu64-x86_64-cpu",
  "vcpus-count": 1,
  props,
});

test("cpu slots: numbered by socket, core and thread, whatever their node and QEMU's order", () => {
  const slots = parseSlots([
    slot({ "node-id": 0, "socket-id": 1, "core-id": 0, "thread-id": 1 }),
    slot({ "node-id": 0, "socket-id": 1, "core-id": 0, "thread-id": 0 }),
    slot({ "node-id": 1, "socket-id": 0, "core-id": 0, "thread-id": 0 }),
  ]);
  assert.deepEqual(
    slots.map(({ first, properties }) => [first, properties["socket-id"], properties["thread-id"]]),
    [
      [0, 0, 0],
      [1, 1, 0],
      [2, 1, 1],
    ],
  );
  assert.deepEqual(parseSlots("nonsense"), []);
});
