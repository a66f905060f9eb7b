import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { parseCpuList } from "./cpu-list.ts";
import {
  cellsFreeMemory,
  freeMemory,
  nodeCpuStats,
  nodeInfo,
  nodeMemoryStats,
  numaCells,
} from "./node-info.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-node-"));
after(() => rmSync(dir, { recursive: true }));
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
};
const roots = { procRoot: join(dir, "proc"), sysRoot: join(dir, "sys") };

/** Two cells, each one socket of two cores of two threads. */
function twoCells(): void {
  put("proc/meminfo", "MemTotal:  4096 kB\nMemFree: 1000 kB\nBuffers: 10 kB\nCached:  20 kB\n");
  put("proc/cpuinfo", "processor : 0\ncpu MHz\t\t: 2596.136\n");
  put("proc/stat", "cpu  1 2 3 4 5 6 7 8\ncpu0 10 0 0 0 0 0 0\nintr 1\n");
  put("sys/devices/system/cpu/present", "0-7\n");
  put("sys/devices/system/cpu/online", "0-7\n");
  for (let cpu = 0; cpu < 8; cpu++) {
    const at = `sys/devices/system/cpu/cpu${cpu}/topology`;
    const core = Math.trunc(cpu / 2);
    put(`${at}/physical_package_id`, `${Math.trunc(cpu / 4)}\n`);
    put(`${at}/core_id`, `${core}\n`);
    put(`${at}/thread_siblings_list`, `${core * 2}-${core * 2 + 1}\n`);
  }
  for (const cell of [0, 1]) {
    put(`sys/devices/system/node/node${cell}/cpulist`, `${cell * 4}-${cell * 4 + 3}\n`);
    put(
      `sys/devices/system/node/node${cell}/meminfo`,
      `Node ${cell} MemTotal: 2048 kB\nNode ${cell} MemFree: ${500 + cell} kB\n`,
    );
    put(`sys/devices/system/node/node${cell}/distance`, cell === 0 ? "10 20\n" : "20 10\n");
  }
}
twoCells();

test("node info: two NUMA cells are counted per cell, socket and core", async () => {
  const { model, ...counts } = await nodeInfo(roots);
  assert.ok(model.length > 0);
  assert.deepEqual(counts, {
    memoryKiB: 4096,
    mhz: 2596,
    cpus: 8,
    nodes: 2,
    sockets: 1,
    cores: 2,
    threads: 2,
  });
});

test("node info: cells know their processors, memory and distances", async () => {
  const [, second] = await numaCells(roots);
  assert.deepEqual(
    second?.cpus.map((cpu) => cpu.id),
    [4, 5, 6, 7],
  );
  assert.deepEqual(second.distances, [20, 10]);
});

test("node info: statistics in libvirt's names and units", async () => {
  assert.deepEqual(await nodeCpuStats(undefined, roots), {
    kernel: 160_000_000,
    user: 30_000_000,
    idle: 40_000_000,
    iowait: 50_000_000,
  });
  assert.equal((await nodeCpuStats(0, roots)).user, 100_000_000);
  assert.deepEqual(await nodeMemoryStats(undefined, roots), {
    total: 4096,
    free: 1000,
    buffers: 10,
    cached: 20,
  });
  assert.deepEqual(await nodeMemoryStats(1, roots), { total: 2048, free: 501 });
  assert.deepEqual(await cellsFreeMemory({ start: 0, max: 10 }, roots), [512_000, 513_024]);
  assert.equal(await freeMemory(roots), 1_025_024);
});

test("node info: what does not exist is refused", async () => {
  await assert.rejects(nodeCpuStats(99, roots), /Invalid cpuNum/);
  await assert.rejects(nodeMemoryStats(9, roots), /must be less than or equal to 1/);
  await assert.rejects(
    cellsFreeMemory({ start: 2, max: 1 }, roots),
    /start cell 2 out of range \(0-1\)/,
  );
});

test("node info: a host with a processor switched off falls back to one flat socket", async () => {
  put("sys/devices/system/cpu/online", "0-6\n");
  const { nodes, sockets, cores, threads, cpus } = await nodeInfo(roots);
  assert.deepEqual(
    { nodes, sockets, cores, threads, cpus },
    { nodes: 1, sockets: 1, cores: 7, threads: 1, cpus: 7 },
  );
  put("sys/devices/system/cpu/online", "0-7\n");
});

test("node info: this very host adds up", async () => {
  const { nodes, sockets, cores, threads, cpus } = await nodeInfo();
  assert.equal(nodes * sockets * cores * threads, cpus);
});

test("cpu list: the kernel's ranges", () => {
  assert.deepEqual(parseCpuList("0-2,8\n"), [0, 1, 2, 8]);
  assert.deepEqual(parseCpuList("\n"), []);
});
