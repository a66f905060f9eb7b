/** Storage that is full, that hangs, and a daemon that dies beside it. */
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { OPERATIONS } from "@vireo/model/operation/operations";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { connect } from "@vireo/sdk/libvirt/connect";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const noMounts = process.getuid?.() === 0 ? false : "mounting needs root";

async function started(t: TestContext): Promise<Vireod> {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  return vireod;
}

async function poolAt(vireod: Vireod, name: string, path: string): Promise<void> {
  await virshOk(vireod.uri, "pool-define-as", name, "dir", "--target", path);
  await virshOk(vireod.uri, "pool-start", name, "--build");
}

test("storage: pools, volumes and secrets survive the daemon's death", async (t) => {
  const vireod = await started(t);
  const { uri, root } = vireod;
  await poolAt(vireod, "p", join(root, "pool"));
  await virshOk(uri, "vol-create-as", "p", "v", "1M");
  const transient = join(root, "transient.xml");
  mkdirSync(join(root, "other"));
  writeFileSync(
    transient,
    `<pool type='dir'><name>t</name><target><path>${root}/other</path></target></pool>`,
  );
  await virshOk(uri, "pool-create", transient);
  const uuid = "f52a81b2-424e-490c-823d-6bd4235bc575";
  const secret = join(root, "secret.xml");
  writeFileSync(secret, `<secret><uuid>${uuid}</uuid></secret>`);
  await virshOk(uri, "secret-define", secret);
  await virshOk(uri, "secret-set-value", uuid, "--base64", "b3BlbiBzZXNhbWU=");
  await vireod.end("SIGKILL");
  await vireod.start();
  assert.match(await virshOk(uri, "pool-list", "--all"), /^ p +active +no\n t +active +no$/m);
  assert.match(await virshOk(uri, "vol-list", "p"), /^ v /m);
  assert.equal(await virshOk(uri, "secret-get-value", uuid), "b3BlbiBzZXNhbWU=");
  for (const file of readdirSync(join(root, "lib/secrets"))) {
    const path = join(root, "lib/secrets", file);
    assert.equal(statSync(path).mode & 0o777, 0o600, path);
    assert.ok(!readFileSync(path, "utf8").includes("open sesame"), path);
  }
});

test("storage: a full disk leaves nothing behind and harms nothing", {
  skip: noMounts,
}, async (t) => {
  const vireod = await Vireod.started();
  const { uri, root } = vireod;
  const path = join(root, "small");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", path]);
  t.after(async () => {
    execFileSync("umount", ["--lazy", path]);
    await vireod.cleanUp();
  });
  await poolAt(vireod, "small", path);
  const data = Buffer.alloc(3 << 20, "x");
  writeFileSync(join(root, "data"), data);
  await virshOk(uri, "vol-create-as", "small", "kept", "3M");
  await virshOk(uri, "vol-upload", "kept", join(root, "data"), "--pool", "small");
  const refused = await virsh(uri, ["vol-create-as", "small", "raw", "16M"]);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /cannot allocate 16777216 bytes in file .*No space left on device/);
  await virshOk(uri, "vol-create-as", "small", "second", "3M");
  await virshOk(uri, "vol-upload", "second", join(root, "data"), "--pool", "small");
  const clone = await virsh(uri, ["vol-clone", "kept", "clone", "--pool", "small"]);
  assert.notEqual(clone.status, 0);
  assert.match(clone.stderr, /No space left on device/);
  await virshOk(uri, "vol-create-as", "small", "hole", "4M", "--allocation", "0");
  writeFileSync(join(root, "data"), Buffer.alloc(4 << 20, "y"));
  const upload = await virsh(uri, ["vol-upload", "hole", join(root, "data"), "--pool", "small"]);
  assert.notEqual(upload.status, 0);
  assert.match(upload.stderr, /No space left on device/);
  assert.deepEqual(readdirSync(path).toSorted(), ["hole", "kept", "second"]);
  assert.ok(readFileSync(join(path, "kept")).equals(data));
  for (const name of ["hole", "second"]) await virshOk(uri, "vol-delete", name, "--pool", "small");
  await virshOk(uri, "vol-clone", "kept", "clone", "--pool", "small");
  assert.ok(readFileSync(join(path, "clone")).equals(data));
});

/** Everything that takes room, each on a disk of 8 MiB that holds two volumes of 3 MiB. */
const TOO_MUCH: readonly string[] = [
  "vol-create-as small new 4M",
  "vol-create-as small new 4M --format qcow2 --allocation 4M --prealloc-metadata",
  "vol-clone kept new --pool small",
  "vol-clone image new --pool small",
  "vol-create-from small FROM image --inputpool small",
  "vol-resize kept 6M --pool small --allocate",
  "vol-upload hole DATA --pool small",
  "vol-upload hole DATA --pool small --sparse",
];

const onDisk = (volume: string): string =>
  `<disk type='volume'><source pool='small' volume='${volume}'/><target dev='vda' bus='virtio'/></disk>`;

/** The same of Vireo's own operations; a domain `one` is on the volume `kept`. */
const tooMuch = (
  c: LibvirtConnection,
  root: string,
): Readonly<Record<string, () => Promise<unknown>>> => ({
  import: () =>
    c.run(OPERATIONS.image.import, { pool: { name: "small" }, source: join(root, "DATA") }),
  clone: () => c.run(OPERATIONS.domain.clone, { domain: { name: "one" }, name: "two" }),
  createWithVolumes: () =>
    c.run(OPERATIONS.domain.createWithVolumes, {
      xml: emptyXml("two").replace("<devices>", `<devices>${onDisk("a")}`),
      volumes: [["a", 512] as const, ["b", 4096] as const].map(([name, kib]) => ({
        pool: "small",
        xml: `<volume><name>${name}</name><capacity unit='KiB'>${kib}</capacity></volume>`,
      })),
    }),
});

test("storage: a full disk at every step leaves the old data and nothing else", {
  skip: noMounts,
}, async (t) => {
  const vireod = await Vireod.started();
  const { uri, root } = vireod;
  const path = join(root, "small");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", path]);
  t.after(async () => {
    execFileSync("umount", ["--lazy", path]);
    await vireod.cleanUp();
  });
  await poolAt(vireod, "small", path);
  const data = Buffer.alloc(3 << 20, "x");
  writeFileSync(join(root, "three"), data);
  writeFileSync(join(root, "DATA"), Buffer.alloc(4 << 20, "y"));
  writeFileSync(
    join(root, "FROM"),
    "<volume><name>new</name><capacity>0</capacity><target><format type='raw'/></target></volume>",
  );
  await virshOk(uri, "vol-create-as", "small", "kept", "3M");
  await virshOk(uri, "vol-upload", "kept", join(root, "three"), "--pool", "small");
  await virshOk(uri, "vol-create-as", "small", "image", "3M", "--format", "qcow2");
  const fill = ["-f", "qcow2", "-c", "write -P 0x7a 0 3M", join(path, "image")];
  execFileSync("qemu-io", fill, { stdio: "ignore" });
  const image = readFileSync(join(path, "image"));
  await virshOk(uri, "vol-create-as", "small", "hole", "4M", "--allocation", "0");
  await virshOk(uri, "pool-refresh", "small");
  writeFileSync(
    join(root, "one.xml"),
    emptyXml("one").replace("<devices>", `<devices>${onDisk("kept")}`),
  );
  await virshOk(uri, "define", join(root, "one.xml"));
  for (const line of TOO_MUCH) {
    const words = line.split(" ").map((w) => (/^[A-Z]+$/.test(w) ? join(root, w) : w));
    const { status, stderr } = await virsh(uri, words);
    assert.notEqual(status, 0, line);
    assert.match(stderr, /No space left on device|Not enough space/, line);
    assert.deepEqual(readdirSync(path).toSorted(), ["hole", "image", "kept"], line);
    assert.ok(readFileSync(join(path, "kept")).subarray(0, data.length).equals(data), line);
    assert.ok(readFileSync(join(path, "image")).equals(image), line);
    // what an upload wrote is its volume's; the room comes back with it
    if (line.startsWith("vol-upload")) {
      await virshOk(uri, "vol-delete", "hole", "--pool", "small");
      await virshOk(uri, "vol-create-as", "small", "hole", "4M", "--allocation", "0");
    }
  }
  await using c = await connect(uri);
  for (const [name, work] of Object.entries(tooMuch(c, root))) {
    await assert.rejects(work(), /No space left on device/i, name);
    assert.deepEqual(readdirSync(path).toSorted(), ["hole", "image", "kept"], name);
    assert.equal(await virshOk(uri, "list", "--all", "--name"), "one", name);
    assert.ok(readFileSync(join(path, "image")).equals(image), name);
  }
  await virshOk(uri, "vol-delete", "image", "--pool", "small");
  await virshOk(uri, "vol-clone", "kept", "new", "--pool", "small");
  assert.ok(readFileSync(join(path, "new")).subarray(0, data.length).equals(data));
});

/** A file system that takes every question and answers none, until this program ends. */
const SILENT_FILE_SYSTEM = `
import ctypes, os, sys
fd = os.open("/dev/fuse", os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
options = "fd=%d,rootmode=40000,user_id=0,group_id=0" % fd
if libc.mount(b"silent", sys.argv[1].encode(), b"fuse", 0, options.encode()) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print("mounted", flush=True)
sys.stdin.read()
`;

/** Mounts it at `path`; it is gone before anything else is cleaned up. */
async function mountSilent(t: TestContext, vireod: Vireod, path: string): Promise<void> {
  const silent = spawn("python3", ["-c", SILENT_FILE_SYSTEM, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(async () => {
    const ended = once(silent, "exit");
    silent.kill("SIGKILL");
    await ended;
    execFileSync("umount", ["--lazy", path]);
    await vireod.cleanUp();
  });
  await once(silent.stdout, "data");
}

/** The time within which 99 of 100 calls were answered. */
const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

test("storage: a pool that hangs holds up nobody else", { skip: noMounts }, async (t) => {
  const vireod = await Vireod.started();
  const { uri, root } = vireod;
  const path = join(root, "silent");
  mkdirSync(path);
  await poolAt(vireod, "good", join(root, "good"));
  await poolAt(vireod, "hung", path);
  await virshOk(uri, "vol-create-as", "hung", "kept", "1M");
  writeFileSync(join(root, "domain.xml"), emptyXml("beside"));
  await virshOk(uri, "define", join(root, "domain.xml"));
  await mountSilent(t, vireod, path);
  const connection = await connect(uri);
  const hanging = virsh(uri, ["pool-refresh", "hung"], { timeoutMs: 60_000 });
  const { pool: good } = await connection.call("storagePoolLookupByName", { name: "good" });
  const { pool: hung } = await connection.call("storagePoolLookupByName", { name: "hung" });
  const times: number[] = [];
  const flags = 0;
  for (let round = 0; round < 100; round += 1)
    for (const call of [
      () => connection.call("connectListAllStoragePools", { need_results: 1, flags }),
      () => connection.call("storagePoolListAllVolumes", { pool: hung, need_results: 1, flags }),
      () => connection.call("storagePoolGetInfo", { pool: good }),
      () => connection.call("connectListAllDomains", { need_results: 1, flags }),
    ])
      times.push(await timed(call));
  await connection.close();
  t.diagnostic(`p99 of ${times.length} calls beside a hung pool: ${p99(times).toFixed(1)} ms`);
  assert.ok(p99(times) < 50, `${p99(times)} ms`);
  const start = await timed(() => virshOk(uri, "start", "beside"));
  const create = await timed(() => virshOk(uri, "vol-create-as", "good", "v", "1M"));
  t.diagnostic(`start ${start.toFixed(0)} ms, vol-create-as ${create.toFixed(0)} ms`);
  assert.ok(start < 2000 && create < 2000);
  const { status, stderr } = await hanging;
  assert.notEqual(status, 0);
  assert.match(stderr, /Timed out during operation: .*storage does not answer/);
  assert.match(await virshOk(uri, "pool-list"), /^ hung +active/m);
  assert.match(await virshOk(uri, "pool-info", "hung"), /State: +inaccessible/);
  assert.match(await virshOk(uri, "vol-list", "hung"), /^ kept /m);
  const refused = await virsh(uri, ["vol-create-as", "hung", "v", "1M"], { timeoutMs: 5000 });
  assert.match(
    refused.stderr,
    /storage pool 'hung' is unreachable: .*; its volumes were last seen \d+ s ago/,
  );
});
