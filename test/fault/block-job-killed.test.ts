import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

/** Two images, the upper with 8 MiB of its own over 8 MiB of the lower. */
function makeImages(dir: string): { base: string; top: string } {
  const [base, top] = [join(dir, "base.qcow2"), join(dir, "top.qcow2")];
  run("qemu-img", "create", "-q", "-f", "qcow2", base, "32M");
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x11 0 8M", base);
  run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", top);
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x22 4M 8M", top);
  return { base, top };
}

function mustHoldData(image: string): void {
  for (const read of ["0x11 0 4M", "0x22 4M 8M", "0 12M 20M"])
    assert.doesNotMatch(
      run("qemu-io", "-r", "-f", "qcow2", "-c", `read -P ${read}`, image),
      /fail/,
    );
}

const xmlOf = (disk: string): string => `<domain type='qemu'><name>a</name>
  <memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
  <disk type='file'><driver name='qemu' type='qcow2'/><source file='${disk}'/>
  <target dev='vda' bus='virtio'/></disk><controller type='usb' model='none'/>
  <memballoon model='none'/></devices></domain>`;

/** File names of the chain in the live XML, top first. */
async function chain(uri: string): Promise<string> {
  const [own = ""] = (await virshOk(uri, "dumpxml", "a")).split("<mirror");
  return [...own.matchAll(/file='[^']*\/([^'/]+)'/g)].map((match) => match[1]).join(" ");
}

/** The image that QEMU itself has open on top. */
async function opened(uri: string): Promise<string | undefined> {
  const text = await virshOk(uri, "qemu-monitor-command", "a", '{"execute":"query-block"}');
  return /"file":"[^"]*\/([^"/]+)"/.exec(text)?.[1];
}

/** What virsh tells of the disk's job: the progress goes to stderr. */
async function told(uri: string): Promise<string> {
  const { stdout, stderr } = await virsh(uri, ["blockjob", "a", "vda", "--info"]);
  return stdout + stderr;
}

/** Asks until the answer fits: the job goes on by itself. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await ask()); await sleep(20))
    assert.ok(performance.now() < end, "waited in vain");
}

/** At each of these moments after its begin the daemon is killed. */
const MOMENTS_MS = [0, 5, 20, 60];

for (const ms of MOMENTS_MS)
  test(`kill -9 of vireod ${ms} ms into a commit: the chain in the XML is QEMU's`, {
    timeout: 60_000,
  }, async (t) => {
    const dir = mkdtempSync(join(tmpdir(), "vireo-killed-"));
    t.after(() => rmSync(dir, { recursive: true }));
    const vireod = await Vireod.started();
    t.after(() => vireod.cleanUp());
    const { base, top } = makeImages(dir);
    writeFileSync(join(dir, "a.xml"), xmlOf(top));
    await virshOk(vireod.uri, "define", join(dir, "a.xml"));
    await virshOk(vireod.uri, "start", "a");
    const commit = virsh(vireod.uri, ["blockcommit", "a", "vda", "--active", "--pivot"]);
    await sleep(ms);
    await vireod.end("SIGKILL");
    await commit;
    await vireod.start();
    const { uri } = vireod;
    const info = (): Promise<string> => told(uri);
    await until(async () => /100 ?%|No current/.test(await info()));
    if (!/No current/.test(await info())) await virsh(uri, ["blockjob", "a", "vda", "--pivot"]);
    await until(async () => /No current/.test(await info()));
    const left = await chain(uri);
    assert.ok(left === "base.qcow2" || left === "top.qcow2 base.qcow2", left);
    assert.equal(await opened(uri), left.split(" ")[0]);
    assert.match(
      await virshOk(uri, "dumpxml", "a", "--inactive"),
      new RegExp(`/${left.split(" ")[0] ?? ""}'`),
    );
    await virshOk(uri, "destroy", "a");
    mustHoldData(left === "base.qcow2" ? base : top);
    await virshOk(uri, "start", "a");
  });

for (const ms of MOMENTS_MS)
  test(`kill -9 of vireod ${ms} ms into a copy: the disk is whole, and a new copy works`, {
    timeout: 60_000,
  }, async (t) => {
    const dir = mkdtempSync(join(tmpdir(), "vireo-killed-"));
    t.after(() => rmSync(dir, { recursive: true }));
    const vireod = await Vireod.started();
    t.after(() => vireod.cleanUp());
    const { top } = makeImages(dir);
    writeFileSync(join(dir, "a.xml"), xmlOf(top));
    await virshOk(vireod.uri, "define", join(dir, "a.xml"));
    await virshOk(vireod.uri, "start", "a");
    const way = ["--transient-job", "--bytes", "--bandwidth", String(64 << 20)];
    const copy = virsh(vireod.uri, ["blockcopy", "a", "vda", join(dir, "copy1.qcow2"), ...way]);
    await sleep(ms);
    await vireod.end("SIGKILL");
    await copy;
    await vireod.start();
    const { uri } = vireod;
    await virsh(uri, ["blockjob", "a", "vda", "--abort"]); // it may never have begun
    assert.equal(await chain(uri), "top.qcow2 base.qcow2");
    const second = join(dir, "copy2.qcow2");
    await virshOk(uri, "blockcopy", "a", "vda", second, "--transient-job", "--wait", "--pivot");
    assert.equal(await chain(uri), "copy2.qcow2");
    await virshOk(uri, "destroy", "a");
    mustHoldData(second);
  });
