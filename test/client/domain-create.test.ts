/** Making, copying and importing with `vireo`: domain-create, clone, image-import. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { cloudInitSeed } from "@vireo/sdk/seed-image";
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
