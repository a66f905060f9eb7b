import assert from "node:assert/strict";
import { test } from "node:test";
import { blockCounters, nodeSizes, stoppedDisks } from "./block-figures.ts";

const stats = (numbers: Readonly<Record<string, number>>) => ({ stats: numbers });

test("block figures: counters by alias, the highest place written by node, along the chain", () => {
  const { devices, highest } = blockCounters([
    {
      qdev: "/machine/peripheral/virtio-disk0/virtio-backend",
      "node-name": "libvirt-3-format",
      ...stats({ rd_operations: 2, rd_bytes: 4608, wr_total_time_ns: 7, flush_operations: 1 }),
      parent: stats({ wr_highest_offset: 65_536 }),
      backing: { "node-name": "libvirt-4-format", parent: stats({ wr_highest_offset: 9 }) },
    },
    { qdev: "sata0-0-0", ...stats({ rd_bytes: 54 }) },
  ]);
  assert.deepEqual(devices.get("virtio-disk0"), {
    readRequests: 2,
    readBytes: 4608,
    readTimeNs: 0,
    writeRequests: 0,
    writeBytes: 0,
    writeTimeNs: 7,
    flushRequests: 1,
    flushTimeNs: 0,
  });
  assert.equal(devices.get("sata0-0-0")?.readBytes, 54);
  assert.deepEqual(
    [...highest],
    [
      ["libvirt-3-format", 65_536],
      ["libvirt-4-format", 9],
    ],
  );
});

test("block figures: what is no answer of QEMU yields nothing", () => {
  for (const answer of [undefined, null, 7, {}, [null, 7, {}]]) {
    assert.equal(blockCounters(answer).devices.size, 0);
    assert.equal(stoppedDisks(answer).size, 0);
  }
});

test("block figures: sizes of a node; network storage does not tell what it takes", () => {
  const sizes = nodeSizes([
    { "node-name": "a", image: { "virtual-size": 10, "actual-size": 4 }, write_threshold: 5 },
    { "node-name": "b", image: { "virtual-size": 20 }, write_threshold: 0 },
  ]);
  assert.deepEqual(sizes.get("a"), { capacity: 10, allocated: 4, threshold: 5 });
  assert.deepEqual(sizes.get("b"), { capacity: 20, threshold: 0 });
});

test("block figures: disks that have stopped, and why", () => {
  const stopped = stoppedDisks([
    { qdev: "/machine/peripheral/virtio-disk0/virtio-backend", "io-status": "nospace" },
    { qdev: "sata0-0-0", "io-status": "failed" },
    { qdev: "sata0-0-1", "io-status": "ok" },
  ]);
  assert.deepEqual(Object.fromEntries(stopped), {
    "virtio-disk0": "nospace",
    "sata0-0-0": "failed",
  });
});
