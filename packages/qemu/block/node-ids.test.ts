import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disk } from "@vireo/model/domain/device/disk";
import { assignNodeIds } from "./node-ids.ts";

const disk = (more: object): Disk => ({
  type: "file",
  device: "disk",
  source: { file: "/a" },
  target: { dev: "vda", bus: "virtio" },
  ...more,
});

test("node ids: the last disk counts first, each chain from its top", () => {
  const chained = disk({
    backingStore: { type: "file", source: { file: "/b" }, backingStore: { type: "none" } },
  });
  assert.deepEqual(assignNodeIds([chained, disk({})]), { disks: [[2, 3], [1]], next: 4 });
});

test("node ids: an empty drive keeps its place, an SD card has none", () => {
  const empty = disk({ device: "cdrom", source: undefined });
  const card = disk({ target: { dev: "sda", bus: "sd" } });
  assert.deepEqual(assignNodeIds([empty, card]).disks, [[1], []]);
});
