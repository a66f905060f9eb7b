/** Making, copying and importing with `vireo`: domain-create, clone, image-import. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { cloudInitSeed } from "../../packages/daemon/driver/qemu/make/seed-image.ts";
import { connect } from "@vireo/sdk/libvirt/connect";
import { buildGuest } from "../guest/build-guest.ts";
import { run } from "../harness/run.ts";
import { endTerminal, ESCAPE } from "../harness/terminal.ts";
import { Vireod } from "../harness/vireod.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const VIREO = join(import.meta.dirname, "../../bin/vireo");
const BOOT_MS = 30_000;
const SEEN_MS = 10_000;

async function host(t: TestContext) {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const pool = join(vireod.root, "images");
  mkdirSync(pool);
  await virshOk(vireod.uri, "pool-create-as", "images", "dir", "--target", pool);
  const vireo = (...args: readonly string[]) => run(VIREO, ["-c", vireod.uri, ...args]);
  const ok = async (line: string): Promise<string> => {
    const { status, stdout, stderr } = await vireo(...line.split(" "));
    assert.equal(status, 0, stderr);
    return stdout;
  };
  return { vireod, pool, vireo, ok };
}

test("domain-create: an installer is booted once, and reads cloud-init's seed", async (t) => {
  const { vireod, pool, ok } = await host(t);
  const userData = join(vireod.root, "user-data");
  writeFileSync(userData, "#cloud-config\nhostname: seeded\n");
  const wish =
    `domain-create web1 --memory 128 --disk size=0.01,pool=images --type qemu --graphics none ` +
    `--location ${buildGuest().directory} --extra-args console=ttyS0 --cloud-init ${userData}`;
  assert.match(await ok(`${wish} --print-xml`), /machine='q35'/);
  assert.deepEqual(readdirSync(pool), [], "--print-xml makes nothing");
  await ok(wish);
  const console = virshInTerminal(vireod.uri, ["console", "web1"]);
  await console.conversation.expect(/vireo-guest ready/, BOOT_MS);
  await console.conversation.expect(/# /, SEEN_MS);
  console.conversation.say(
    "mkdir /mnt; mount -t iso9660 /dev/vdb /mnt; cat /mnt/user-data /mnt/meta-data\n",
  );
  await console.conversation.expect(/hostname: seeded\s+instance-id: web1/, SEEN_MS);
  await endTerminal(console, ESCAPE);
  const inactive = await virshOk(vireod.uri, "dumpxml", "--inactive", "web1");
  assert.doesNotMatch(inactive, /<kernel>/);
  assert.match(inactive, /discard='unmap'/);
});

test("domain-create: leaves nothing behind when a step fails", async (t) => {
  const { pool, vireo, vireod } = await host(t);
  const wish =
    "domain-create bad --type qemu --disk size=0.01,pool=images --network network=nowhere";
  const { status, stderr } = await vireo(...wish.split(" "));
  assert.equal(status, 1);
  assert.match(stderr, /Failed to create domain 'bad'[^]*nowhere/);
  assert.deepEqual(readdirSync(pool), []);
  assert.equal(await virshOk(vireod.uri, "list", "--all", "--name"), "");
});

test("domain-create: several disks, the OS's own devices, boot order", async (t) => {
  const { pool, vireo, vireod, ok } = await host(t);
  await ok(
    "domain-create two --type qemu --memory 64 --disk size=0.01,pool=images --disk size=0.02,pool=images,format=raw --boot uefi,network,hd,menu=on --no-start",
  );
  assert.deepEqual(readdirSync(pool).toSorted(), ["two-1.raw", "two.qcow2"]);
  const xml = await virshOk(vireod.uri, "dumpxml", "two");
  assert.match(
    xml,
    /<source pool='images' volume='two.qcow2'\/>[^]*dev='vda'[^]*two-1.raw[^]*'vdb'/,
  );
  assert.match(
    xml,
    /firmware='efi'[^]*<bootmenu enable='yes'[^]*<target dev='vda'[^>]*>\s*<boot order='2'[^]*<interface[^]*<boot order='1'/,
  );
  assert.match(xml, /<iothreads>1</);
  const unknown = await vireo(..."domain-create x --disk none --os-variant nosuchos".split(" "));
  assert.match(
    unknown.stderr,
    /os variant 'nosuchos' is not known|osinfo-db, which is not installed/,
  );
  if (!existsSync("/usr/share/osinfo/os")) return;
  const uefi = await ok("domain-create x --type qemu --disk size=1 --boot uefi --print-xml");
  assert.match(uefi, /firmware='efi'[^]*<boot order='1'/, "the firmware is no device");
  const old = await ok("domain-create x --type qemu --disk size=1 --os-variant win7 --print-xml");
  assert.match(old, /bus='sata'[^]*model type='e1000e'/);
  const modern = await ok(
    "domain-create x --type qemu --disk size=1 --os-variant debian11 --print-xml",
  );
  assert.match(modern, /bus='virtio'[^]*model type='virtio'/);
});

test("domain-create: an installer from a URL, with its answers", async (t) => {
  const { vireod, ok } = await host(t);
  const { directory } = buildGuest();
  const preseed = join(vireod.root, "answers");
  writeFileSync(preseed, "d-i netcfg/get_hostname string answered\n");
  const server = createServer((request, answer) => {
    const path = join(directory, request.url ?? "");
    if (!existsSync(path)) answer.writeHead(404).end();
    else answer.end(request.method === "HEAD" ? undefined : readFileSync(path));
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  await ok(
    `domain-create web2 --memory 128 --disk size=0.01,pool=images --type qemu --graphics none ` +
      `--location http://127.0.0.1:${address.port} --extra-args console=ttyS0 --unattended ${preseed}`,
  );
  const console = virshInTerminal(vireod.uri, ["console", "web2"]);
  await console.conversation.expect(/vireo-guest ready/, BOOT_MS);
  await console.conversation.expect(/# /, SEEN_MS);
  console.conversation.say("cat /ks.cfg /proc/cmdline\n");
  await console.conversation.expect(
    /hostname string answered\s+inst.ks=file:\/ks.cfg [^]*console=ttyS0/,
    SEEN_MS,
  );
  await endTerminal(console, ESCAPE);
});

test("clone: a killed client leaves the work to the daemon", async (t) => {
  const { vireod, pool, ok } = await host(t);
  await ok(
    "domain-create one --type qemu --memory 64 --disk size=0.1,pool=images,format=raw --no-start",
  );
  writeFileSync(join(pool, "one.raw"), randomBytes(64 << 20), { flag: "r+" });
  await using c = await connect(vireod.uri);
  const events = await c.events("domain", "lifecycle");
  const client = spawn(VIREO, ["-c", vireod.uri, "clone", "one", "two"], { stdio: "ignore" });
  const partial = watch(pool);
  await once(partial, "change"); // the copy has begun
  partial.close();
  client.kill("SIGKILL");
  for await (const { dom } of events) if (dom.name === "two") break;
  assert.deepEqual(readdirSync(pool).toSorted(), ["one.raw", "two-vda.raw"]);
  assert.ok(readFileSync(join(pool, "two-vda.raw")).equals(readFileSync(join(pool, "one.raw"))));
});

test("clone: copies, and linked layers that leave the image alone", async (t) => {
  const { vireod, pool, ok } = await host(t);
  const address = (name: string) => virshOk(vireod.uri, "domiflist", name);
  await ok("domain-create one --type qemu --memory 64 --disk size=0.01,pool=images --no-start");
  await ok("clone one two");
  assert.match(await virshOk(vireod.uri, "domblklist", "two"), /two-vda\.qcow2/);
  assert.notEqual(await address("one"), await address("two"));
  const before = readFileSync(join(pool, "one.qcow2"));
  await ok("clone one three --linked");
  for (const name of ["one", "three"]) {
    const disks = await virshOk(vireod.uri, "domblklist", name);
    assert.match(disks, new RegExp(`${name}-vda-\\w+\\.qcow2`));
    await virshOk(vireod.uri, "start", name);
  }
  assert.deepEqual(readFileSync(join(pool, "one.qcow2")), before);
  assert.match(await ok(`image-why ${join(pool, "one.qcow2")}`), /running domain 'three', whose/);
});

test("image-import: from a file and a URL, refused when the sum is another", async (t) => {
  const { vireod, pool, vireo, ok } = await host(t);
  const image = join(vireod.root, "cloud.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "3M"]);
  const bytes = readFileSync(image);
  const sum = createHash("sha256").update(bytes).digest("hex");
  await ok(`image-import ${image} --pool images --sha256 ${sum}`);
  assert.match(await ok("image-list"), /cloud\.qcow2 +images +qcow2 +-/);
  assert.match(await virshOk(vireod.uri, "vol-info", "cloud.qcow2", "images"), /3\.00 MiB/);
  const server = createServer((_request, answer) => answer.end(bytes)).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `http://127.0.0.1:${address.port}/far.qcow2`;
  await ok(`image-import ${url} --pool images`);
  assert.deepEqual(readFileSync(join(pool, "far.qcow2")), bytes);
  const wrong = await vireo(
    "image-import",
    image,
    "--pool",
    "images",
    "--name",
    "x",
    "--sha256",
    "00",
  );
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /its SHA-256 is/);
  assert.deepEqual(readdirSync(pool).toSorted(), ["cloud.qcow2", "far.qcow2"]);
});

test("cloud-init's seed: other programs read it too", async () => {
  const iso = join(process.env["TMPDIR"] ?? "/tmp", `vireo-seed-${process.pid}.iso`);
  writeFileSync(iso, cloudInitSeed({ instance: "web1", userData: "x".repeat(5000) }));
  const { stdout } = await run("blkid", ["-p", "-o", "export", iso]);
  await run("rm", [iso]);
  assert.match(stdout, /^LABEL=cidata$/m);
  assert.match(stdout, /^TYPE=iso9660$/m);
});
