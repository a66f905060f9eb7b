/** What changed since a checkpoint is known through snapshots, block jobs and restarts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { parseCheckpoint } from "@vireo/model/moment/parse-checkpoint";
import { bench, type Bench } from "../test-bench.ts";

const domain = { name: "a" };
const disk = "vdb";
const MIB = 1 << 20;

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

async function guest(t: TestContext): Promise<Bench> {
  const b = await bench(t);
  const path = join(b.paths.lib, "disk.qcow2");
  run("qemu-img", "create", "-q", "-f", "qcow2", path, "32M");
  const source = `<driver name='qemu' type='qcow2'/><source file='${path}'/>`;
  const devices = `<disk type='file'>${source}<target dev='vdb' bus='virtio'/></disk>`;
  await b.define({ name: "a", devices });
  await b.do("start", { domain });
  return b;
}

/** Writes so many MiB as the guest would. */
async function write(b: Bench, at: number, count = 1): Promise<void> {
  const device = "/machine/peripheral/virtio-disk1/virtio-backend";
  const command = `qemu-io -d ${device} "write -P 0x5a ${at}M ${count}M"`;
  assert.doesNotMatch(
    await b.do("monitorCommand", { domain, command, human: true }),
    /rror|denied/,
  );
}

function role<K extends "domainCheckpoint" | "domainSnapshot">(b: Bench, noun: K) {
  const found = b.driver.roles[noun];
  assert.ok(found);
  return found;
}

async function checkpoint(b: Bench, name: string): Promise<void> {
  const xml = `<domaincheckpoint><name>${name}</name><disks><disk name='vdb'/></disks></domaincheckpoint>`;
  await role(b, "domainCheckpoint").create?.({ domain, xml }, b.call);
}

async function snapshot(b: Bench, name: string): Promise<void> {
  const file = join(b.paths.lib, `${name}.qcow2`);
  const source = `<disk name='vdb' snapshot='external'><source file='${file}'/></disk>`;
  const xml = `<domainsnapshot><name>${name}</name><disks><disk name='vda' snapshot='no'/>${source}</disks></domainsnapshot>`;
  await role(b, "domainSnapshot").create?.({ domain, xml, diskOnly: true }, b.call);
}

/** MiB that changed since the checkpoint. */
async function changed(b: Bench, name: string): Promise<number | undefined> {
  const how = { noDomain: true, size: true };
  const xml = await role(b, "domainCheckpoint").xml?.({ domain, name, ...how }, b.call);
  const size = parseCheckpoint(xml ?? "").disks.find((one) => one.name === disk)?.size;
  return size === undefined ? undefined : size / MIB;
}

async function idle(b: Bench): Promise<void> {
  while ((await b.do("blockJobInfo", { domain, disk })) !== undefined)
    await new Promise(setImmediate);
}

async function readyToPivot(b: Bench): Promise<void> {
  while (!/ready='yes'/.test(await b.do("xml", { domain }))) await new Promise(setImmediate);
}

async function commitAndPivot(b: Bench): Promise<void> {
  await b.do("blockCommit", { domain, disk, active: true });
  await readyToPivot(b);
  await b.do("blockJobAbort", { domain, disk, pivot: true });
  await idle(b);
}

/** MiB of data in a backup of what changed since the checkpoint. */
async function backedUp(b: Bench, since: string): Promise<number> {
  const path = join(b.paths.lib, `backup-${Math.random()}.qcow2`);
  const target = `<disk name='vdb' type='file'><target file='${path}'/></disk>`;
  const xml = `<domainbackup mode='push'><incremental>${since}</incremental><disks>${target}</disks></domainbackup>`;
  await b.do("beginBackup", { domain, xml });
  while ((await b.do("jobStats", { domain })).type !== "none") await new Promise(setImmediate);
  const map: readonly { readonly data: boolean; readonly length: number }[] = JSON.parse(
    run("qemu-img", "map", "--output=json", path),
  );
  return map.filter(({ data }) => data).reduce((sum, { length }) => sum + length, 0) / MIB;
}

test("checkpoint: changes are known through external snapshots, and merged by an active commit", {
  timeout: 120_000,
}, async (t) => {
  const b = await guest(t);
  await checkpoint(b, "first");
  await write(b, 1);
  await snapshot(b, "over");
  await write(b, 2, 2);
  await checkpoint(b, "second");
  await write(b, 5);
  assert.equal(await changed(b, "first"), 4);
  assert.equal(await changed(b, "second"), 1);
  assert.equal(await backedUp(b, "first"), 4);
  await b.driver.close();
  await b.start();
  await commitAndPivot(b);
  await write(b, 7);
  assert.equal(await changed(b, "first"), 5);
  assert.equal(await backedUp(b, "second"), 2);
  await b.do("destroy", { domain });
  await b.do("start", { domain });
  assert.equal(await changed(b, "first"), 5);
});

test("checkpoint: a commit in the middle, a pull and a copy keep what is known", {
  timeout: 120_000,
}, async (t) => {
  const b = await guest(t);
  await checkpoint(b, "first");
  for (const [i, name] of ["one", "two"].entries()) {
    await write(b, i);
    await snapshot(b, name);
  }
  await write(b, 4);
  assert.equal(await changed(b, "first"), 3);
  const at = (name: string): string => join(b.paths.lib, `${name}.qcow2`);
  await b.do("blockCommit", { domain, disk, top: at("one"), base: at("disk") });
  await idle(b);
  assert.equal(await changed(b, "first"), 3);
  await b.do("blockPull", { domain, disk });
  await idle(b);
  assert.equal(await changed(b, "first"), 3);
  const copy = `<disk type='file'><driver type='qcow2'/><source file='${at("copy")}'/></disk>`;
  await b.do("blockCopy", { domain, disk, destination: { xml: copy }, transient: true });
  await readyToPivot(b);
  await b.do("blockJobAbort", { domain, disk, pivot: true });
  await idle(b);
  await write(b, 8);
  assert.equal(await changed(b, "first"), 4);
  assert.equal(await backedUp(b, "first"), 4);
});

test("checkpoint: one that reaches below a snapshot is deleted in all layers", {
  timeout: 120_000,
}, async (t) => {
  const b = await guest(t);
  await checkpoint(b, "first");
  await snapshot(b, "over");
  await checkpoint(b, "second");
  await role(b, "domainCheckpoint").delete?.({ domain, name: "first" }, b.call);
  await b.do("destroy", { domain });
  assert.doesNotMatch(run("qemu-img", "info", join(b.paths.lib, "disk.qcow2")), /name: first/);
  const over = run("qemu-img", "info", join(b.paths.lib, "over.qcow2"));
  assert.match(over, /name: second/);
  assert.doesNotMatch(over, /name: first|in-use/);
});

test("checkpoint: deleting an external snapshot keeps what is known", {
  timeout: 120_000,
}, async (t) => {
  const b = await guest(t);
  await checkpoint(b, "first");
  await write(b, 1);
  await snapshot(b, "over");
  await write(b, 2);
  await role(b, "domainSnapshot").delete?.({ domain, name: "over" }, b.call);
  await write(b, 3);
  assert.equal(await changed(b, "first"), 3);
});
