import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { HEADER_BYTES, readImageHeader, type ImageHeader } from "./image-header.ts";

const MIB = 1 << 20;

test("image header: what qemu-img makes is recognised", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-image-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const made = (name: string, ...options: readonly string[]): ImageHeader => {
    const path = join(directory, name);
    execFileSync("qemu-img", ["create", "-q", ...options, path, "16M"]);
    const file = readFileSync(path);
    return readImageHeader(file.subarray(0, HEADER_BYTES), statSync(path).size);
  };
  assert.deepEqual(made("raw", "-f", "raw"), { format: "raw", capacity: 16 * MIB });
  assert.deepEqual(made("new", "-f", "qcow2", "-o", "lazy_refcounts=on,cluster_size=128K"), {
    format: "qcow2",
    capacity: 16 * MIB,
    compat: "1.1",
    clusterSize: 131_072,
    lazyRefcounts: true,
    extendedL2: false,
  });
  const old = made("old", "-f", "qcow2", "-o", "compat=0.10");
  assert.deepEqual([old.compat, old.clusterSize], ["0.10", 65_536]);
  const layer = made("layer", "-f", "qcow2", "-b", join(directory, "new"), "-F", "qcow2");
  assert.deepEqual(layer.backing, { path: join(directory, "new"), format: "qcow2" });
  for (const format of ["vmdk", "vdi", "qed"])
    assert.deepEqual(
      [made(format, "-f", format).format, made(format, "-f", format).capacity],
      [format, 16 * MIB],
    );
});

test("image header: broken and hostile headers are raw or harmless", () => {
  const qcow2 = Buffer.alloc(200);
  qcow2.write("QFI\xfb", "latin1");
  qcow2.writeUInt32BE(3, 4);
  qcow2.fill(0xff, 8, 32);
  const read = readImageHeader(qcow2, 200);
  assert.equal(read.backing, undefined);
  for (let round = 0; round < 500; round += 1) {
    const noise = randomBytes(HEADER_BYTES / 64);
    qcow2.copy(noise, 0, 0, 8);
    assert.equal(typeof readImageHeader(noise, noise.length).capacity, "number");
  }
  for (let length = 0; length < 120; length += 1)
    assert.ok(readImageHeader(qcow2.subarray(0, length), length).format.length > 0);
});
