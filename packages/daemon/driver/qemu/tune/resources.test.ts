import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { UNLIMITED } from "@vireo/model/domain/memory";
import { findCgroups } from "../../../host/cgroup-host.ts";
import { Cgroup } from "../../../host/cgroup.ts";
import {
  readBandwidth,
  readMemoryLimit,
  readShares,
  readWeight,
  setBandwidth,
  setMemoryLimit,
  setShares,
  setWeight,
} from "./resources.ts";

async function groupOf(t: TestContext, version: 1 | 2): Promise<{ group: Cgroup; at: string }> {
  const root = mkdtempSync(join(tmpdir(), "vireo-resources-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "proc/self"), { recursive: true });
  mkdirSync(join(root, "cg"));
  const mount = version === 1 ? "cgroup /cg cgroup rw,cpu,memory,blkio" : "cgroup2 /cg cgroup2 rw";
  writeFileSync(join(root, "proc/self/mounts"), `${mount} 0 0\n`);
  writeFileSync(join(root, "cg/cgroup.controllers"), "cpu io memory cpuset\n");
  const host = await findCgroups(root);
  return {
    group: new Cgroup(host, { partition: "/machine", name: "g", pid: 1 }),
    at: join(root, "cg/machine/g"),
  };
}

for (const version of [1, 2] as const)
  test(`resources: what was set is read again, what was not is the kernel's own (version ${version})`, async (t) => {
    const { group } = await groupOf(t, version);
    assert.equal(await readShares(group), version === 1 ? 1024 : 100);
    assert.deepEqual(await readBandwidth(group), { period: 100_000, quota: -1 });
    assert.equal(await readMemoryLimit(group, "hardLimitKiB"), UNLIMITED);
    assert.equal(await readWeight(group), 100);
    await setShares(group, 2048);
    await setBandwidth(group, { quota: 60_000 });
    await setMemoryLimit(group, "hardLimitKiB", 4096);
    assert.equal(await readShares(group), 2048);
    assert.equal((await readBandwidth(group)).quota, 60_000);
    assert.equal(await readMemoryLimit(group, "hardLimitKiB"), 4096);
    await assert.rejects(setWeight(group, 500), /valid only for/); // the kernel offers no such file
  });

test("resources: the new version counts swap alone and has a word for no limit", async (t) => {
  const { group, at } = await groupOf(t, 2);
  const read = (file: string): string => readFileSync(join(at, file), "utf8");
  await setMemoryLimit(group, "hardLimitKiB", 1024);
  await setMemoryLimit(group, "swapHardLimitKiB", 3072);
  assert.equal(read("memory.swap.max"), String(2048 * 1024));
  await setMemoryLimit(group, "hardLimitKiB", UNLIMITED);
  assert.equal(read("memory.max"), "max");
  await setBandwidth(group, { period: 50_000, quota: -1 });
  assert.equal(read("cpu.max"), "max 50000");
});
