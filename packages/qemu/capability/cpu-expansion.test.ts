import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { parseCpu } from "@vireo/model/cpu/cpu-description";
import { qemuCapabilities } from "./capabilities.ts";
import { cpuMapFromQemu, expandedCpu } from "./cpu-expansion.ts";
import { settleGuestCpu } from "./guest-cpu.ts";
import { hypervisorCpu, nearestModel } from "./hypervisor-cpu.ts";
import { probeQemu } from "./probe.ts";

const BINARY = "/usr/bin/qemu-system-x86_64";
const skip = existsSync(BINARY) ? false : `${BINARY} is not installed`;

test("cpu expansion: what QEMU refused is no CPU", () => {
  assert.equal(expandedCpu(undefined), undefined);
  assert.equal(expandedCpu({ model: { name: "base" } }), undefined);
});

test("cpu map of QEMU: the installed emulator's definitions are enough to name CPUs", {
  skip,
}, async () => {
  const caps = qemuCapabilities(await probeQemu(BINARY));
  const map = cpuMapFromQemu(caps.data.tcg);
  assert.ok(map !== undefined);
  assert.ok(map.model("Haswell")?.features.has("avx2"));
  assert.ok(!map.model("Nehalem")?.features.has("avx2"));
  assert.equal(map.model("max"), undefined);
  assert.equal(map.feature("pclmuldq")?.name, "pclmulqdq");
  const hypervisor = hypervisorCpu(caps, "qemu", map);
  assert.ok(hypervisor !== undefined);
  assert.ok(hypervisor.facts.features.has("aes"));
  assert.ok(map.model(nearestModel(hypervisor, map, "full").model) !== undefined);

  const settle = (xml: string) =>
    settleGuestCpu(parseCpu(xml, "auto"), { hypervisor, map, arch: "x86_64" });
  const like = settle("<cpu mode='host-model'/>");
  assert.equal(like.mode, "custom");
  assert.equal(like.model?.fallback, "forbid");
  assert.throws(
    () =>
      settle(
        "<cpu check='partial'><model>qemu64</model><feature policy='require' name='avx512f'/></cpu>",
      ),
    /does not provide required features: avx512f/,
  );
  assert.deepEqual(settle("<cpu mode='maximum'/>"), { mode: "maximum" });
});
