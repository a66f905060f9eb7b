/** The bytes of volumes through the real virsh; with VIREO_TEST_DAEMON=libvirtd the same against the real daemon. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { resident } from "../harness/resident.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const MIB = 1 << 20;

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

test("volume-stream: a large volume comes back as it went, and the daemon stays small", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const [up, down, pool] = ["up", "down", "p"].map((name) => join(vireod.root, name));
  assert.ok(up !== undefined && down !== undefined && pool !== undefined);
  mkdirSync(pool);
  await virshOk(vireod.uri, "pool-create-as", "p", "dir", "--target", pool);
  const piece = randomBytes(MIB);
  for (let turn = 0; turn < 256; turn += 1) {
    piece.writeUInt32LE(turn);
    writeFileSync(up, piece, { flag: "a" });
  }
  await virshOk(vireod.uri, "vol-create-as", "p", "v", "256M", "--allocation", "0");
  const before = resident(vireod.pid).now;
  await virshOk(vireod.uri, "vol-upload", "v", up, "--pool", "p");
  await virshOk(vireod.uri, "vol-download", "v", down, "--pool", "p");
  const growth = (resident(vireod.pid).peak - before) / MIB;
  const hash = await hashOf(up);
  assert.equal(await hashOf(join(pool, "v")), hash);
  assert.equal(await hashOf(down), hash);
  t.diagnostic(`${growth.toFixed(0)} MiB more at its peak`);
  assert.ok(growth < 64, `${growth} MiB`);
});

test("volume-stream: no more is written than was announced", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-storage-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true, force: true });
  });
  const [pool, data] = [join(directory, "p"), join(directory, "data")];
  mkdirSync(pool);
  await virshOk(daemon.uri, "pool-create-as", "p", "dir", "--target", pool);
  await virshOk(daemon.uri, "vol-create-as", "p", "v", "4M");
  writeFileSync(data, Buffer.alloc(3 * MIB, "x"));
  const upload = ["vol-upload", "v", data, "--pool", "p", "--length"];
  const { status, stderr } = await virsh(daemon.uri, [...upload, "1000000"]);
  assert.notEqual(status, 0);
  assert.match(stderr, /cannot write to stream: No space left on device/);
  assert.ok(
    readFileSync(join(pool, "v"))
      .subarray(1_000_000)
      .equals(Buffer.alloc(4 * MIB - 1_000_000)),
  );
  await virshOk(daemon.uri, ...upload, String(3 * MIB));
  assert.ok(
    readFileSync(join(pool, "v"))
      .subarray(0, 3 * MIB)
      .equals(readFileSync(data)),
  );
});
