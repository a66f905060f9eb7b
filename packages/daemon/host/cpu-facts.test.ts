import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { parseCpuinfo, sharedCaches } from "./cpu-facts.ts";

test("cpu facts: the first processor tells for all", () => {
  const text =
    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n" +
    "model name\t: AMD EPYC\nstepping\t: 1\nmicrocode\t: 0x1000065\n" +
    "address sizes\t: 48 bits physical, 48 bits virtual\n\nprocessor\t: 1\nmodel\t\t: 99\n";
  assert.deepEqual(parseCpuinfo(text), {
    vendor: "AMD",
    signature: { family: 25, model: 17, stepping: 1 },
    microcode: 16_777_317,
    physicalBits: 48,
  });
  assert.deepEqual(parseCpuinfo("processor : 0\nCPU part : 0xd0c\n"), {});
});

test("cpu facts: a cache that processors share is one cache", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "vireo-cache-"));
  t.after(() => rmSync(root, { recursive: true }));
  const put = (path: string, text: string): void => {
    const at = join(root, "devices/system/cpu", path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, `${text}\n`);
  };
  for (const cpu of [0, 1])
    for (const [index, level, type] of [
      [0, 1, "Data"],
      [3, 3, "Unified"],
    ] as const) {
      const at = `cpu${cpu}/cache/index${index}`;
      put(`${at}/id`, level === 1 ? String(cpu) : "0");
      put(`${at}/level`, String(level));
      put(`${at}/type`, type);
      put(`${at}/size`, "32768K");
      put(`${at}/shared_cpu_list`, level === 1 ? String(cpu) : "0-1");
    }
  assert.deepEqual(await sharedCaches({ sysRoot: root }), [
    { id: 0, level: 3, type: "both", sizeKiB: 32_768, cpus: "0-1" },
  ]);
  assert.deepEqual(await sharedCaches({ sysRoot: join(root, "none") }), []);
});
