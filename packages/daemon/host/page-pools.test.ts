import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { allocatePages, freePages, WHOLE_HOST } from "./page-pools.ts";
import { mergingParameters, setMergingParameters } from "./same-page-merging.ts";

const top = mkdtempSync(join(tmpdir(), "vireo-pools-"));
after(() => rmSync(top, { recursive: true }));
const sysRoot = join(top, "sys");
const roots = { sysRoot, procRoot: join(top, "proc") };
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
};
const read = (path: string): string => readFileSync(join(top, path), "utf8").trim();

put("sys/devices/system/cpu/present", "0-1\n");
put("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "8\n");
for (const cell of [0, 1]) {
  const at = `sys/devices/system/node/node${cell}`;
  put(`${at}/meminfo`, `Node ${cell} MemTotal: 4096 kB\nNode ${cell} MemFree: ${400 + cell} kB\n`);
  put(`${at}/cpulist`, `${cell}\n`);
  put(`${at}/hugepages/hugepages-2048kB/nr_hugepages`, "4\n");
  put(`${at}/hugepages/hugepages-2048kB/free_hugepages`, `${3 - cell}\n`);
}

test("free pages: ordinary and huge ones, cell by cell", async () => {
  assert.deepEqual(await freePages([4, 2048], { start: 0, cells: 2 }, roots), [100, 3, 100, 2]);
  assert.deepEqual(await freePages([2048], { start: 1, cells: 1 }, roots), [2]);
});

test("free pages: sizes and cells that do not exist are refused", async () => {
  await assert.rejects(
    freePages([3], { start: 0, cells: 1 }, roots),
    /page size 3 is not available on node 0/,
  );
  await assert.rejects(
    freePages([4], { start: 2, cells: 1 }, roots),
    /start cell 2 out of range \(0-1\)/,
  );
});

test("huge pages: a pool is set or added to, for the host or for cells", async () => {
  const pool = { sizeKiB: 2048, count: 5 };
  const host = { start: WHOLE_HOST, cells: 1 };
  assert.equal(await allocatePages([pool], { ...host, add: false }, roots), 1);
  assert.equal(read("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"), "5");
  assert.equal(await allocatePages([pool], { start: 0, cells: 2, add: true }, roots), 2);
  assert.equal(read("sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages"), "9");
});

test("huge pages: ordinary pages and unknown sizes are refused", async () => {
  const host = { start: WHOLE_HOST, cells: 1, add: false };
  const pools = (sizeKiB: number) => [{ sizeKiB, count: 1 }];
  await assert.rejects(allocatePages(pools(4), host, roots), /system pages pool can't be modified/);
  await assert.rejects(allocatePages(pools(3), host, roots), /page size 3 is not available/);
});

test("merging of pages: what the kernel has is told, settings are changed, others refused", async () => {
  assert.deepEqual(await mergingParameters(sysRoot), {});
  put("sys/kernel/mm/ksm/pages_to_scan", "100\n");
  put("sys/kernel/mm/ksm/pages_sharing", "7\n");
  await setMergingParameters({ shm_pages_to_scan: 200 }, sysRoot);
  assert.deepEqual(await mergingParameters(sysRoot), {
    shm_pages_to_scan: 200,
    shm_pages_sharing: 7,
  });
  await assert.rejects(
    setMergingParameters({ shm_pages_to_scan: 1, shm_sleep_millisecs: 1 }, sysRoot),
    /'shm_sleep_millisecs' is not supported by this kernel/,
  );
  assert.equal(read("sys/kernel/mm/ksm/pages_to_scan"), "200");
});
