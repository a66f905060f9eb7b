/** Guests as a user of their own: whose their process and their images are, while they run and afterwards. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const NOBODY = 65_534;
const skip = process.getuid?.() === 0 ? false : "another user needs root";

const domain = (name: string, disks: string): string => `<domain type='qemu'><name>${name}</name>
<memory unit='MiB'>32</memory><os><type machine='q35'>hvm</type></os><devices>${disks}</devices></domain>`;
const disk = (file: string, dev: string, more = ""): string =>
  `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${file}'/><target dev='${dev}' bus='virtio'/>${more}</disk>`;

test("qemu user: a guest has its images while it runs, and each goes back with the last that had it", {
  skip,
}, async (t) => {
  const vireod = new Vireod(undefined, ["--qemu-user", "nobody"]);
  t.after(() => vireod.cleanUp());
  chmodSync(vireod.root, 0o755);
  await vireod.start();
  const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
  const images = join(vireod.root, "images");
  mkdirSync(images);
  await ok("pool-create-as", "p", "dir", "--target", images);
  await ok("vol-create-as", "p", "base", "1M", "--format", "qcow2");
  const onBase = "--format qcow2 --backing-vol base --backing-vol-format qcow2".split(" ");
  for (const name of ["one", "two", "late"]) await ok("vol-create-as", "p", name, "1M", ...onBase);
  const image = (name: string): string => join(images, name);
  const owners = (...names: readonly string[]): readonly number[] =>
    names.map((name) => statSync(image(name)).uid);
  for (const name of ["one", "two"]) {
    const xml = join(vireod.root, `${name}.xml`);
    writeFileSync(xml, domain(name, disk(image(name), "vda")));
    await ok("define", xml);
    await ok("start", name);
  }
  assert.deepEqual(owners("base", "one", "two", "late"), [NOBODY, NOBODY, NOBODY, 0]);
  const pids = vireod.guestPids();
  assert.equal(pids.length, 2);
  for (const pid of pids)
    assert.match(
      readFileSync(`/proc/${pid}/status`, "utf8"),
      /^Uid:\t65534\t65534\t65534\t65534$/m,
    );
  assert.match(
    await ok("dumpxml", "one"),
    /<seclabel type='dynamic' model='dac' relabel='yes'>\s+<label>\+65534:\+65534<\/label>\s+<imagelabel>\+65534:\+65534</,
  );
  assert.doesNotMatch(await ok("dumpxml", "one", "--inactive"), /seclabel/);

  const late = join(vireod.root, "late.xml");
  writeFileSync(late, disk(image("late"), "vdb"));
  await ok("attach-device", "one", late);
  await ok(
    "snapshot-create-as",
    "two",
    "s",
    "--disk-only",
    "--diskspec",
    `vda,file=${image("top")}`,
  );
  assert.deepEqual(owners("late", "top"), [NOBODY, NOBODY]);

  await ok("destroy", "one");
  assert.deepEqual(owners("one", "late", "base"), [0, 0, NOBODY]);
  await vireod.end("SIGKILL");
  process.kill(vireod.guestPids()[0] ?? 0, "SIGKILL");
  await vireod.start();
  assert.deepEqual(owners("base", "two", "top"), [0, 0, 0]);
});
