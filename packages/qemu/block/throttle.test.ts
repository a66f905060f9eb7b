import assert from "node:assert/strict";
import { test } from "node:test";
import { throttleArguments } from "./throttle.ts";

test("throttle: QEMU wants the six limits always, bursts when set", () => {
  assert.deepEqual(
    throttleArguments("virtio-disk0", { totalBytesSec: 5000, totalBytesSecMax: 9, groupName: "g" }),
    {
      id: "virtio-disk0",
      bps: 5000,
      bps_rd: 0,
      bps_wr: 0,
      iops: 0,
      iops_rd: 0,
      iops_wr: 0,
      bps_max: 9,
      group: "g",
    },
  );
});
