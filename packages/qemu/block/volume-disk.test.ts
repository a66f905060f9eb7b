import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disk } from "@vireo/model/domain/device/disk";
import { isError } from "@vireo/model/error";
import { type VolumeFacts, withoutVolume } from "./volume-disk.ts";

const FACTS: VolumeFacts = {
  poolType: "dir",
  poolActive: true,
  volumeType: "file",
  path: "/pool/v",
};
const disk: Disk = { type: "volume", device: "disk", source: { pool: "p", volume: "v" } };

test("volume: a file of a directory pool is a file", () => {
  assert.deepEqual(
    withoutVolume(disk, () => FACTS),
    {
      type: "file",
      device: "disk",
      source: { file: "/pool/v" },
    },
  );
});

test("volume: QEMU logs in to iSCSI itself in direct mode, as the pool does", () => {
  const direct: Disk = {
    type: "volume",
    device: "disk",
    auth: { username: "ignored" },
    source: { pool: "p", volume: "unit:0:0:3", mode: "direct" },
  };
  const facts = { ...FACTS, poolType: "iscsi", host: "h", target: "iqn" };
  assert.deepEqual(
    withoutVolume(direct, () => facts),
    {
      type: "network",
      device: "disk",
      source: { protocol: "iscsi", name: "iqn/3", hosts: [{ name: "h", port: "3260" }] },
    },
  );
});

test("volume: a pool that does not run is refused", () => {
  assert.throws(
    () => withoutVolume(disk, () => ({ ...FACTS, poolActive: false })),
    (error) => isError(error, "configUnsupported"),
  );
});
