/** The bytes of volumes through the real virsh; with VIREO_TEST_DAEMON=libvirtd the same against the real daemon. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  createReadStream,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { run } from "../harness/run.ts";
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

interface Extent {
  readonly start: number;
  readonly length: number;
  readonly data: boolean;
}

/** Where the file system says that data and holes are. */
async function extentsOf(path: string): Promise<readonly string[]> {
  const { stdout } = await run("qemu-img", ["map", "-f", "raw", "--output=json", path]);
  const extents = JSON.parse(stdout) as readonly Extent[]; // qemu-img's own form
  return extents.map(({ start, length, data }) => `${data ? "data" : "hole"} ${start} ${length}`);
}

test("volume-stream: sparse keeps holes, up and down", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-storage-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true, force: true });
  });
  const [pool, data, back] = ["p", "data", "back"].map((name) => join(directory, name));
  assert.ok(pool !== undefined && data !== undefined && back !== undefined);
  mkdirSync(pool);
  await virshOk(daemon.uri, "pool-create-as", "p", "dir", "--target", pool);
  // data at the start, an odd hole, data not at a block's start, and a terabyte of nothing
  const file = openSync(data, "w");
  writeSync(file, randomBytes(8192), 0, 8192, 0);
  writeSync(file, randomBytes(700_000), 0, 700_000, 3 * MIB + 4096);
  writeSync(file, Buffer.alloc(65_536), 0, 65_536, 64 * MIB);
  ftruncateSync(file, 2 ** 40);
  closeSync(file);
  const shape = await extentsOf(data);
  assert.equal(shape.filter((extent) => extent.startsWith("hole")).length, 3);
  await virshOk(daemon.uri, "vol-create-as", "p", "v", "1T", "--allocation", "0");
  await virshOk(daemon.uri, "vol-upload", "v", data, "--pool", "p", "--sparse");
  assert.deepEqual(await extentsOf(join(pool, "v")), shape);
  await virshOk(daemon.uri, "vol-download", "v", back, "--pool", "p", "--sparse");
  assert.deepEqual(await extentsOf(back), shape);
  const hashes = await Promise.all([data, back].map((path) => partHash(path, 65 * MIB)));
  assert.equal(hashes[0], hashes[1]);
  // a part that begins and ends within a hole and data
  const part = ["--offset", String(2 * MIB), "--length", String(2 * MIB)];
  await virshOk(daemon.uri, "vol-download", "v", back, "--pool", "p", "--sparse", ...part);
  assert.equal(readFileSync(back).length, 2 * MIB);
  assert.deepEqual(await extentsOf(back), [
    `hole 0 ${MIB + 4096}`,
    `data ${MIB + 4096} 700416`,
    `hole ${MIB + 4096 + 700_416} ${MIB - 4096 - 700_416}`,
  ]);
});

async function partHash(path: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { end: bytes }), hash);
  return hash.digest("hex");
}

test("volume-stream: a hole overwrites what was there", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const [pool, data] = [join(vireod.root, "p"), join(vireod.root, "data")];
  mkdirSync(pool);
  await virshOk(vireod.uri, "pool-create-as", "p", "dir", "--target", pool);
  writeFileSync(join(pool, "v"), Buffer.alloc(4 * MIB, "x"));
  await virshOk(vireod.uri, "pool-refresh", "p");
  writeFileSync(data, "y".repeat(4096));
  truncateSync(data, 2 * MIB);
  await virshOk(vireod.uri, "vol-upload", "v", data, "--pool", "p", "--sparse");
  const written = readFileSync(join(pool, "v"));
  assert.ok(written.subarray(0, 2 * MIB).equals(readFileSync(data)));
  assert.ok(written.subarray(2 * MIB).equals(Buffer.alloc(2 * MIB, "x")));
});
