import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disk } from "./disk.ts";
import { mustKeepDisk } from "./disk-change.ts";

const OLD: Disk = {
  type: "file",
  device: "disk",
  source: { file: "/a" },
  target: { dev: "vda", bus: "virtio" },
  driver: { cache: "none" },
  serial: "one",
};

const REFUSED: readonly (readonly [Partial<Disk>, string])[] = [
  [{ device: "lun" }, "device"],
  [{ target: { dev: "vda", bus: "scsi" } }, "bus"],
  [{ driver: { cache: "writeback" } }, "cache"],
  [{ driver: { io: "native" } }, "io"],
  [{ iotune: { totalBytesSec: 5 } }, "blkdeviotune total_bytes_sec"],
  [{ serial: "two" }, "serial"],
  [{ readonly: true }, "readonly"],
  [{ blockIo: { logicalBlockSize: 4096 } }, "blockio logical_block_size"],
];

for (const [change, field] of REFUSED)
  test(`disk change: ${field} stays`, () => {
    assert.throws(
      () => mustKeepDisk(OLD, { ...OLD, ...change } as Disk),
      new RegExp(`cannot modify field '${field}' of the disk`),
    );
  });

test("disk change: what is not written stays, the medium is left", () => {
  const { driver: _driver, serial: _serial, ...rest } = OLD;
  mustKeepDisk(OLD, { ...rest, source: { file: "/b" }, readonly: false } as Disk);
});
