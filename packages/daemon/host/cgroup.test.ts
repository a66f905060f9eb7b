import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { findCgroups } from "./cgroup-host.ts";
import { Cgroup } from "./cgroup.ts";

const PLACE = { partition: "/machine", name: "guest", pid: 4711 };

/** A host whose control groups are plain files. */
function hostOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "vireo-cgroup-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const OLD = {
  "proc/self/mounts": [
    "cgroup /cg/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0",
    "cgroup /cg/memory cgroup rw,memory 0 0",
    "cgroup /cg/cpuset cgroup rw,cpuset 0 0",
    "cgroup2 /cg/unified cgroup2 rw 0 0",
  ].join("\n"),
  "cg/cpu,cpuacct/x": "",
  "cg/memory/x": "",
  "cg/cpuset/cpuset.cpus": "0-3\n",
  "cg/cpuset/cpuset.mems": "0\n",
  "cg/unified/cgroup.controllers": "\n",
};
const NEW = {
  "proc/self/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n",
  "sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
};

test("control groups: the old ones are found by their mounts, what is nowhere is missed", async (t) => {
  const root = hostOf(t, OLD);
  const host = await findCgroups(root);
  assert.deepEqual(host.mounts, {
    cpu: { version: 1, path: join(root, "cg/cpu,cpuacct") },
    memory: { version: 1, path: join(root, "cg/memory") },
    cpuset: { version: 1, path: join(root, "cg/cpuset") },
  });
  const group = new Cgroup(host, PLACE);
  await assert.rejects(group.set("blkio", "blkio.weight", "100"), /blkio cgroup isn't mounted/);
});

test("control groups: an old group takes the process, its threads have groups of their own", async (t) => {
  const root = hostOf(t, OLD);
  const group = new Cgroup(await findCgroups(root), PLACE);
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  await group.set("cpu", "cpu.shares", "2048");
  await group.setThreads("cpu", { name: "vcpu0", tids: [5] }, ["cpu.cfs_quota_us", "20000"]);
  const at = "cg/cpu,cpuacct/machine/guest";
  assert.equal(read(`${at}/cgroup.procs`), "4711");
  assert.equal(read(`${at}/vcpu0/tasks`), "5");
  assert.equal(await group.read("cpu", "cpu.cfs_quota_us", "vcpu0"), "20000");
  assert.equal(await group.read("cpu", "cpu.cfs_quota_us", "vcpu1"), undefined);
  await group.set("cpuset", "cpuset.mems", "0");
  // without processors the kernel takes nobody in
  assert.equal(read("cg/cpuset/machine/guest/cpuset.cpus"), "0-3\n".trim());
});

test("control groups: new groups are told their controllers from the top, threads are threaded", async (t) => {
  const root = hostOf(t, NEW);
  const host = await findCgroups(root);
  assert.equal(host.mounts.blkio?.version, 2);
  const group = new Cgroup(host, PLACE);
  const read = (path: string): string => readFileSync(join(root, "sys/fs/cgroup", path), "utf8");
  await group.setThreads("cpu", { name: "emulator", tids: [6] }, ["cpu.max", "20000 100000"]);
  assert.equal(read("cgroup.subtree_control"), "+cpu");
  assert.equal(read("machine/cgroup.subtree_control"), "+cpu");
  assert.equal(read("machine/guest/cgroup.procs"), "4711");
  assert.equal(read("machine/guest/emulator/cgroup.type"), "threaded");
  assert.equal(read("machine/guest/emulator/cgroup.threads"), "6");
  assert.equal(read("machine/guest/emulator/cpu.max"), "20000 100000");
});
