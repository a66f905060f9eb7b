import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { parseCheckpoint } from "@vireo/model/moment/parse-checkpoint";
import { JobJournal } from "../../../state/job-journal.ts";
import { bench, type Bench } from "../test-bench.ts";

const domain = { name: "a" };

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

async function guest(t: TestContext): Promise<{ b: Bench; disk: string }> {
  const b = await bench(t);
  const disk = join(b.paths.lib, "disk.qcow2");
  run("qemu-img", "create", "-q", "-f", "qcow2", disk, "16M");
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x11 0 4M", disk);
  const source = `<driver name='qemu' type='qcow2'/><source file='${disk}'/>`;
  await b.define({
    name: "a",
    devices: `<disk type='file'>${source}<target dev='vdb' bus='virtio'/></disk>`,
  });
  await b.do("start", { domain });
  return { b, disk };
}

const checkpoints = (b: Bench) => {
  const role = b.driver.roles.domainCheckpoint;
  assert.ok(role?.create && role.list && role.delete && role.xml && role.find);
  const { create, list, delete: remove, xml, find } = role;
  return {
    create: (text: string, redefine?: true) => create({ domain, xml: text, redefine }, b.call),
    names: () => list({ domain, deep: true }, b.call),
    remove: (name: string, how = {}) => remove({ domain, name, ...how }, b.call),
    xml: (name: string, how = {}) => xml({ domain, name, ...how }, b.call),
    find: (name: string) => find({ domain, name }, b.call),
  };
};

const named = (name: string): string =>
  `<domaincheckpoint><name>${name}</name><disks><disk name='vdb'/></disks></domaincheckpoint>`;

async function bitmaps(b: Bench): Promise<string[]> {
  const command = JSON.stringify({ execute: "query-named-block-nodes", arguments: { flat: true } });
  const text = await b.do("monitorCommand", { domain, command });
  const { return: nodes }: { return: { "dirty-bitmaps"?: { name: string }[] }[] } =
    JSON.parse(text);
  return nodes.flatMap((node) => (node["dirty-bitmaps"] ?? []).map(({ name }) => name)).sort();
}

const push = (path: string, since?: string): string =>
  `<domainbackup mode='push'>${since === undefined ? "" : `<incremental>${since}</incremental>`}
  <disks><disk name='vdb' type='file'><target file='${path}'/></disk></disks></domainbackup>`;

async function ended(b: Bench): Promise<void> {
  while ((await b.do("jobStats", { domain })).type !== "none") await new Promise(setImmediate);
}

test("checkpoint: bitmaps follow checkpoints, and both survive restarts of daemon and guest", {
  timeout: 60_000,
}, async (t) => {
  const { b } = await guest(t);
  const c = checkpoints(b);
  assert.equal(await c.create(named("one")), "one");
  await assert.rejects(async () => c.create(named("one")), /domain moment one already exists/);
  await c.create(named("two"));
  assert.deepEqual(await c.names(), ["one", "two"]);
  assert.deepEqual(await c.find("two"), { name: "two", parent: "one" });
  assert.deepEqual(await bitmaps(b), ["one", "two"]);
  const { disks } = parseCheckpoint(await c.xml("one", { noDomain: true, size: true }));
  assert.deepEqual(disks.at(-1), { name: "vdb", checkpoint: "bitmap", bitmap: "one", size: 0 });
  await b.driver.close();
  await b.start();
  const later = checkpoints(b);
  assert.deepEqual(await later.names(), ["one", "two"]);
  await b.do("destroy", { domain });
  await assert.rejects(
    b.do("undefine", { domain }),
    /cannot delete inactive domain with 2 checkpoints/,
  );
  await b.do("start", { domain });
  await later.remove("one");
  assert.deepEqual(await bitmaps(b), ["two"]);
  assert.deepEqual(await later.find("two"), { name: "two" });
  await assert.rejects(
    async () => later.find("one"),
    (error) => isError(error, "noDomainCheckpoint"),
  );
});

test("backup: pushed whole, then only what changed since the checkpoint", {
  timeout: 60_000,
}, async (t) => {
  const { b } = await guest(t);
  const whole = join(b.paths.lib, "whole.qcow2");
  await b.do("beginBackup", { domain, xml: push(whole), checkpointXml: named("first") });
  await ended(b);
  assert.deepEqual(await bitmaps(b), ["first"]);
  assert.match(
    run("qemu-img", "compare", "-U", whole, join(b.paths.lib, "disk.qcow2")),
    /identical/,
  );
  const { type, operation } = await b.do("jobStats", { domain, completed: true });
  assert.deepEqual([type, operation], ["completed", "backup"]);
  const part = join(b.paths.lib, "part.qcow2");
  await b.do("beginBackup", { domain, xml: push(part, "first") });
  await ended(b);
  assert.match(run("qemu-img", "map", "--output=json", part), /"data": false/);
  assert.doesNotMatch(run("qemu-img", "map", "--output=json", part), /"data": true/);
  assert.deepEqual(await bitmaps(b), ["first"]);
  await assert.rejects(b.do("beginBackup", { domain, xml: push(part) }), /exists/);
});

test("backup: one that is pulled is served as the disk was, until it is aborted", {
  timeout: 60_000,
}, async (t) => {
  const { b } = await guest(t);
  const [socket, scratch] = [join(b.paths.lib, "nbd"), join(b.paths.lib, "scratch")];
  const xml = `<domainbackup mode='pull'><server transport='unix' socket='${socket}'/>
    <disks><disk name='vdb' type='file'><scratch file='${scratch}'/></disk></disks></domainbackup>`;
  await b.do("beginBackup", { domain, xml });
  assert.match(await b.do("backupXml", { domain }), /exportname='vdb'/);
  const url = `nbd+unix:///vdb?socket=${socket}`;
  assert.doesNotMatch(run("qemu-io", "-r", "-f", "raw", "-c", "read -P 0x11 0 4M", url), /fail/);
  assert.equal((await b.do("jobStats", { domain })).operation, "backup");
  await b.do("suspend", { domain }); // a backup holds nobody up
  await b.do("resume", { domain });
  await assert.rejects(b.do("blockPull", { domain, disk: "vdb" }), /active block job/);
  await b.do("abortJob", { domain });
  await ended(b);
  assert.deepEqual([existsSync(socket), existsSync(scratch)], [false, false]);
  await assert.rejects(b.do("backupXml", { domain }), /no domain backup job present/);
  await b.do("blockPull", { domain, disk: "vdb" });
});

test("backup: one during which the daemon died is undone by the next", {
  timeout: 60_000,
}, async (t) => {
  const { b } = await guest(t);
  const [socket, scratch] = [join(b.paths.lib, "nbd"), join(b.paths.lib, "scratch")];
  const xml = `<domainbackup mode='pull'><server transport='unix' socket='${socket}'/>
    <disks><disk name='vdb' type='file'><scratch file='${scratch}'/></disk></disks></domainbackup>`;
  await b.do("beginBackup", { domain, xml });
  await b.driver.close();
  await b.start();
  assert.match(b.logOf("a"), /interrupted backup undone/);
  assert.deepEqual(await new JobJournal(b.paths.journal).load(), []);
  assert.deepEqual([existsSync(socket), existsSync(scratch)], [false, false]);
  await b.do("beginBackup", { domain, xml });
});
