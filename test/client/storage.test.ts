/** Storage through the real virsh; with VIREO_TEST_DAEMON=libvirtd the same against the real daemon. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

interface Lab {
  readonly uri: string;
  readonly directory: string;
  /** What virsh prints, when it succeeds. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
  /** What virsh complains about, when it fails. */
  readonly refused: (...args: readonly string[]) => Promise<string>;
}

/** A daemon with an active pool `p`. */
async function lab(t: TestContext): Promise<Lab> {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-storage-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true, force: true });
  });
  const { uri } = daemon;
  const ok = (...args: readonly string[]): Promise<string> => virshOk(uri, ...args);
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { status, stderr } = await virsh(uri, args);
    assert.notEqual(status, 0, `${args.join(" ")} should fail`);
    return stderr;
  };
  await ok("pool-define-as", "p", "dir", "--target", join(directory, "p"));
  await ok("pool-start", "p", "--build");
  return { uri, directory, ok, refused };
}

test("storage: a pool lives from define to undefine", async (t) => {
  const { ok, refused, directory } = await lab(t);
  assert.match(await ok("pool-info", "p"), /State: +running[^]*Persistent: +yes/);
  assert.match(await refused("pool-start", "p"), /storage pool 'p' is already active/);
  assert.match(await refused("pool-undefine", "p"), /storage pool 'p' is still active/);
  assert.match(
    await refused("pool-define-as", "q", "dir", "--target", join(directory, "p/")),
    /Storage source conflict with pool: 'p'/,
  );
  const odd = join(directory, "odd.xml");
  writeFileSync(
    odd,
    `<pool type='dir'><name>odd</name><target><path>${directory}/odd</path></target><x/></pool>`,
  );
  assert.match(await refused("pool-define", odd, "--validate"), /Unable to validate doc against/);
  await ok("pool-autostart", "p");
  assert.match(await ok("pool-list", "--autostart"), /^ p +active +yes$/m);
  writeFileSync(join(directory, "p/found"), "by refresh");
  await ok("pool-refresh", "p");
  assert.match(await ok("vol-list", "p"), /^ found /m);
  await ok("pool-destroy", "p");
  assert.match(await refused("vol-list", "p"), /storage pool 'p' is not active/);
  assert.match(
    await refused("pool-delete", "p"),
    /failed to remove pool '.*': Directory not empty/,
  );
  rmSync(join(directory, "p/found"));
  await ok("pool-delete", "p");
  assert.match(await refused("pool-start", "p"), /cannot open directory '.*': No such file/);
  await ok("pool-undefine", "p");
  assert.match(await refused("pool-info", "p"), /no storage pool with matching name 'p'/);
});

test("storage: volumes are made, copied, resized and removed", async (t) => {
  const { ok, refused, directory } = await lab(t);
  await ok("vol-create-as", "p", "raw", "1M");
  await ok("vol-create-as", "p", "sparse", "8M", "--allocation", "0");
  await ok("vol-create-as", "p", "base", "8M", "--format", "qcow2");
  const layer = "--format qcow2 --backing-vol base --backing-vol-format qcow2".split(" ");
  await ok("vol-create-as", "p", "layer", "8M", ...layer);
  await ok("vol-clone", "base", "copy", "--pool", "p");
  assert.match(await refused("vol-create-as", "p", "raw", "1M"), /volume 'raw' exists already/);
  assert.match(await refused("vol-create-as", "p", "../x", "1M"), /cannot contain '\/'/);
  assert.ok(!existsSync(join(directory, "x")));
  assert.match(await ok("vol-dumpxml", "layer", "p"), /<backingStore>\s+<path>.*\/p\/base</);
  const list = await ok("vol-list", "p", "--details");
  for (const line of [/^ raw .*1\.00 MiB +1\.00 MiB$/m, /^ sparse .*8\.00 MiB +0\.00 B$/m])
    assert.match(list, line);
  await ok("vol-resize", "copy", "16M", "--pool", "p");
  assert.match(await ok("vol-info", "copy", "--pool", "p"), /Capacity: +16\.00 MiB/);
  assert.match(await refused("vol-resize", "copy", "8M", "--pool", "p"), /unless shrink flag/);
  await ok("vol-resize", "copy", "8M", "--pool", "p", "--shrink");
  for (const name of ["raw", "sparse", "copy", "layer", "base"])
    await ok("vol-delete", name, "--pool", "p");
  assert.doesNotMatch(await ok("vol-list", "p"), /^ \w+ +\//m);
});

test("storage: what nobody says of a volume is raw, a directory has no size, and a copy sees what was written", async (t) => {
  const { ok, directory } = await lab(t);
  await ok("vol-create-as", "p", "base", "8M", "--format", "qcow2");
  await ok("vol-create-as", "p", "layer", "8M", "--format", "qcow2", "--backing-vol", "base");
  // whoever wrote the image below must not choose what is opened beneath it
  const layer = await ok("vol-dumpxml", "layer", "p");
  assert.match(layer, /<backingStore>\s+<path>.*\/p\/base<\/path>\s+<format type='raw'\/>/);
  mkdirSync(join(directory, "p/folder"));
  await ok("vol-create-as", "p", "grown", "1M");
  appendFileSync(join(directory, "p/grown"), "4096 more".padEnd(4096));
  await ok("vol-clone", "grown", "copy", "--pool", "p");
  assert.equal(statSync(join(directory, "p/copy")).size, 1024 * 1024 + 4096);
  await ok("pool-refresh", "p");
  assert.match(await ok("vol-dumpxml", "folder", "p"), /<capacity unit='bytes'>0</);
  assert.match(await ok("pool-dumpxml", "p", "--inactive"), /<mode>07[0-7]{2}<\/mode>/);
});

test("storage: a volume that may be missing at start is, in a pool that is off as well", async (t) => {
  const { ok, refused, directory } = await lab(t);
  const xml = join(directory, "missing.xml");
  const define = async (policy: string): Promise<void> => {
    const source = `<source pool='p' volume='v' ${policy}/>`;
    const disk = `<disk type='volume' device='cdrom'>${source}<target dev='sda' bus='sata'/></disk>`;
    writeFileSync(
      xml,
      `<domain type='qemu'><name>m</name><uuid>9aa3ec5c-43a9-46f0-a387-4ae20e5f7a01</uuid><memory>32768</memory>
<os><type>hvm</type></os><devices>${disk}</devices></domain>`,
    );
    await ok("define", xml);
  };
  await ok("vol-create-as", "p", "v", "1M");
  rmSync(join(directory, "p/v"));
  await define("");
  assert.match(await refused("start", "m"), /no storage vol with matching path '.*\/p\/v'/);
  await define("startupPolicy='optional'");
  await ok("start", "m");
  assert.doesNotMatch(await ok("dumpxml", "m"), /<source pool/);
  await ok("destroy", "m");
  await ok("pool-destroy", "p");
  await ok("start", "m");
  await ok("destroy", "m");
  await define("");
  assert.match(await refused("start", "m"), /'p' containing volume 'v' is not active/);
});

/** Wishes that cannot be, and what is said about them. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["vol-create-as p x 1M --format nope", /unsupported configuration: unknown volume format type/],
  ["vol-create-as p x 1M --backing-vol base", /backing storage not supported for raw volumes/],
  ["vol-create-as p x 1M --prealloc-metadata", /metadata preallocation is not supported for raw/],
  ["vol-clone base base --pool p", /internal error: storage volume name 'base' already in use/],
  ["vol-clone base x --pool p --reflink", /unsupported flags \(0x2\) in function/],
  ["vol-resize base 9M --pool p --allocate", /preallocate is only supported for raw type volume/],
  ["vol-resize plain 1M --pool p", /can't shrink capacity below existing allocation/],
  ["vol-delete base --pool p --delete-snapshots", /unsupported flags \(0x2\) in function/],
  ["vol-wipe plain --pool p --algorithm trim", /'trim' algorithm not supported/],
  ["pool-undefine p", /storage pool 'p' is still active/],
  ["pool-build p", /storage pool 'p' is already active/],
];

test("storage: what cannot be done is refused in libvirt's words", async (t) => {
  const { ok, refused } = await lab(t);
  await ok("vol-create-as", "p", "base", "8M", "--format", "qcow2");
  await ok("vol-create-as", "p", "plain", "1M", "--allocation", "2M");
  assert.match(await ok("vol-info", "plain", "--pool", "p"), /Capacity: +2\.00 MiB/);
  for (const [line, complaint] of REFUSED)
    assert.match(await refused(...line.split(" ")), complaint, line);
});

test("storage: what is uploaded comes back, and is gone when wiped", async (t) => {
  const { ok, directory } = await lab(t);
  const [up, down] = [join(directory, "up"), join(directory, "down")];
  const data = randomBytes(5_000_001);
  writeFileSync(up, data);
  await ok("vol-create-as", "p", "v", "6M");
  await ok("vol-upload", "v", up, "--pool", "p");
  await ok("vol-download", "v", down, "--pool", "p", "--length", String(data.length));
  assert.ok(readFileSync(down).equals(data));
  writeFileSync(up, data.subarray(0, 10));
  await ok("vol-upload", "v", up, "--pool", "p", "--offset", "1000", "--length", "10");
  await ok("vol-download", "v", down, "--pool", "p", "--offset", "999", "--length", "12");
  const [before = 0, after = 0] = [data[999], data[1010]];
  const middle = data.subarray(0, 10);
  assert.deepEqual(readFileSync(down), Buffer.from([before, ...middle, after]));
  await ok("vol-wipe", "v", "--pool", "p");
  await ok("vol-download", "v", down, "--pool", "p");
  assert.ok(readFileSync(down).equals(Buffer.alloc(6 << 20)));
});

test("storage: holes stay holes", async (t) => {
  const { ok, directory } = await lab(t);
  const [up, down] = [join(directory, "up"), join(directory, "down")];
  const MIB = 1 << 20;
  const data = Buffer.concat([
    Buffer.alloc(MIB, "x"),
    Buffer.alloc(6 * MIB),
    Buffer.alloc(MIB, "y"),
  ]);
  writeFileSync(up, data.subarray(0, MIB));
  truncateSync(up, 7 * MIB);
  appendFileSync(up, data.subarray(7 * MIB));
  await ok("vol-create-as", "p", "v", "8M", "--allocation", "0");
  await ok("vol-upload", "v", up, "--pool", "p", "--sparse");
  const stored = join(directory, "p/v");
  assert.ok(readFileSync(stored).equals(data));
  await ok("vol-download", "v", down, "--pool", "p", "--sparse");
  assert.ok(readFileSync(down).equals(data));
  // the edges of holes need not be those of blocks
  for (const path of [stored, down]) assert.ok(statSync(path).blocks * 512 < 3 * MIB, path);
});

const SECRET = "f52a81b2-424e-490c-823d-6bd4235bc575";

test("storage: secrets are kept, told to nobody when private, and open volumes", async (t) => {
  const { ok, refused, directory } = await lab(t);
  const file = join(directory, "secret.xml");
  writeFileSync(file, `<secret private='yes'><uuid>${SECRET}</uuid></secret>`);
  await ok("secret-define", file, "--validate");
  assert.match(await refused("secret-get-value", SECRET), /secret is private/);
  await ok("secret-set-value", SECRET, "--base64", Buffer.from("open sesame").toString("base64"));
  assert.match(await refused("secret-get-value", SECRET), /secret is private/);
  const secret = `<secret type='passphrase' uuid='${SECRET}'/>`;
  const volume = join(directory, "volume.xml");
  writeFileSync(
    volume,
    `<volume><name>l</name><capacity unit='M'>4</capacity><target><format type='raw'/>
     <encryption format='luks'>${secret}</encryption></target></volume>`,
  );
  await ok("vol-create", "p", volume);
  assert.equal(readFileSync(join(directory, "p/l")).subarray(0, 4).toString(), "LUKS");
  assert.match(await ok("vol-dumpxml", "l", "p"), /<capacity unit='bytes'>4194304</);
  await ok("secret-undefine", SECRET);
  assert.match(await refused("secret-dumpxml", SECRET), /no secret with matching uuid/);
});

test("storage: a domain runs on a volume", async (t) => {
  const { ok, refused, directory } = await lab(t);
  await ok("vol-create-as", "p", "disk", "1M", "--format", "qcow2");
  const file = join(directory, "domain.xml");
  writeFileSync(
    file,
    `<domain type='qemu'><name>on-volume</name><memory unit='MiB'>32</memory>
     <os><type>hvm</type></os><devices><disk type='volume'><driver name='qemu' type='qcow2'/>
     <source pool='p' volume='disk'/><target dev='vda' bus='virtio'/></disk></devices></domain>`,
  );
  await ok("define", file);
  await ok("start", "on-volume", "--paused");
  assert.match(await ok("dumpxml", "on-volume"), /<source pool='p' volume='disk'/);
  await ok("destroy", "on-volume");
  await ok("pool-destroy", "p");
  assert.match(await refused("start", "on-volume"), /storage pool 'p' .*is not active/);
});
