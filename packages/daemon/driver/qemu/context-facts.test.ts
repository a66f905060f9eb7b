import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hostNumaNodes, hostRenderNode, hostSettings, hugepageMountsOf } from "./context-facts.ts";

test("context: mounts of huge pages with the size they say or the usual one", () => {
  const mounts = [
    "proc /proc proc rw 0 0",
    "hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0",
    "hugetlbfs /big\\040pages hugetlbfs rw,pagesize=1024M 0 0",
    "none /plain hugetlbfs rw 0 0",
  ].join("\n");
  assert.deepEqual(hugepageMountsOf(mounts, "MemTotal: 1 kB\nHugepagesize:       2048 kB\n"), [
    { path: "/dev/hugepages", sizeKiB: 2048, default: true },
    { path: "/big pages", sizeKiB: 1024 * 1024 },
    { path: "/plain", sizeKiB: 2048, default: true },
  ]);
});

test("context: a kernel without huge pages offers no mount of unknown size", () => {
  assert.deepEqual(hugepageMountsOf("none /plain hugetlbfs rw 0 0", ""), []);
});

test("context: nodes, render node and certificates are looked up on the host", () => {
  const root = mkdtempSync(join(tmpdir(), "vireo-facts-"));
  try {
    mkdirSync(join(root, "devices/system/node"), { recursive: true });
    writeFileSync(join(root, "devices/system/node/has_memory"), "0-1,3\n");
    for (const name of ["card0", "renderD129", "renderD128"]) writeFileSync(join(root, name), "");
    mkdirSync(join(root, "libvirt-vnc"));
    assert.deepEqual(hostNumaNodes(root), [0, 1, 3]);
    assert.equal(hostRenderNode(root), join(root, "renderD128"));
    assert.equal(hostRenderNode(join(root, "none")), undefined);
    const { tls } = hostSettings(root);
    assert.equal(tls.vncDir, join(root, "libvirt-vnc"));
    assert.equal(tls.spiceDir, join(root, "qemu"));
  } finally {
    rmSync(root, { recursive: true });
  }
});
