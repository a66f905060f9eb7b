/** The real libguestfs, whose appliance is a guest of vireod: package libguestfs-tools. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isReference, startDaemon } from "../harness/daemon.ts";
import { run } from "../harness/run.ts";
import { virshOk } from "../harness/virsh.ts";

/** The appliance is a whole Linux, booted without KVM. */
const APPLIANCE_MS = 120_000;
const VIREO = join(import.meta.dirname, "../../bin/vireo");
const GUESTFISH = "/usr/bin/guestfish";
const skip = existsSync(GUESTFISH) ? false : "libguestfs-tools is not installed";

const domainXml = (disk: string): string => `
<domain type='qemu'><name>box</name><memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${disk}'/>
    <target dev='vda' bus='virtio'/></disk></devices>
</domain>`;

test("guestfish: makes a file system in a guest of vireod's, and reads it in a domain's disk", {
  skip,
}, async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-fish-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const disk = join(directory, "tiny.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", disk, "16M"]);
  const env = { LIBGUESTFS_BACKEND: `libvirt:${daemon.uri}`, LIBGUESTFS_CACHEDIR: tmpdir() };
  const fish = async (line: string, ...options: readonly string[]): Promise<string> => {
    const done = await run(GUESTFISH, [...options, ...line.split(" ")], {
      timeoutMs: APPLIANCE_MS,
      env,
    });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  const made = "run : mkfs ext2 /dev/sda : mount /dev/sda / : write /hello kept : cat /hello";
  assert.equal((await fish(made, "--format=qcow2", "-a", disk)).trim(), "kept");
  assert.equal(await virshOk(daemon.uri, "list", "--all", "--name"), "", "the appliance is gone");

  const xml = join(directory, "box.xml");
  writeFileSync(xml, domainXml(disk));
  await virshOk(daemon.uri, "define", xml);
  const read = ["-c", daemon.uri, "--ro", "-d", "box", "-m", "/dev/sda"];
  assert.equal((await fish("cat /hello", ...read)).trim(), "kept");

  if (isReference) return;
  const vireo = (...args: readonly string[]) =>
    run(VIREO, ["-c", daemon.uri, ...args], { timeoutMs: APPLIANCE_MS });
  const inside = ["--mount", "/dev/sda"];
  const hosts = join(directory, "hosts");
  writeFileSync(hosts, "127.0.0.1 box\n");
  const copied = await vireo("fs-cp", "box", hosts, ":/", ...inside);
  assert.equal(copied.status, 0, copied.stderr);
  assert.match((await vireo("fs-ls", "box", "/", ...inside)).stdout, /^hello\nhosts\n/m);
  assert.equal((await vireo("-q", "fs-cat", disk, "/hosts", ...inside)).stdout, "127.0.0.1 box\n");
  assert.match((await vireo("fs-df", "box")).stdout, /tiny.*sda/);
  assert.match((await vireo("fs-partitions", disk)).stdout, /sda +filesystem +ext2/);
  await virshOk(daemon.uri, "start", "box");
  assert.match((await vireo("fs-ls", "box", "/")).stderr, /domain 'box' runs/);
  assert.match((await vireo("fs-ls", disk, "/")).stderr, /is read by running domain 'box'/);
});
