import assert from "node:assert/strict";
import { test } from "node:test";
import { dirtyRate } from "./dirty-rate-stats.ts";
import { vcpuCounters, vmCounters } from "./kvm-stats.ts";
import { guestMemory } from "./memory-figures.ts";

const SCHEMAS = [
  {
    provider: "kvm",
    target: "vm",
    stats: [
      { name: "pages_1g", type: "instant" },
      { name: "max_mmu_page_hash_collisions", type: "peak" },
      { name: "histogram", type: "linear-histogram" },
    ],
  },
  { provider: "kvm", target: "vcpu", stats: [{ name: "exits", type: "cumulative" }] },
];

test("KVM's counters: named by what they count, histograms left out", () => {
  const stats = [
    { name: "pages_1g", value: 3 },
    { name: "max_mmu_page_hash_collisions", value: 0 },
    { name: "histogram", value: [1, 2] },
    { name: "unheard", value: 1 },
  ];
  assert.deepEqual(vmCounters([{ provider: "kvm", stats }], SCHEMAS), {
    "vm.pages_1g.cur": { type: "ullong", value: 3 },
    "vm.max_mmu_page_hash_collisions.max": { type: "ullong", value: 0 },
  });
  const exits = (value: number) => ({ provider: "kvm", stats: [{ name: "exits", value }] });
  assert.deepEqual(vcpuCounters([exits(5), exits(6)], SCHEMAS), {
    "vcpu.0.exits.sum": { type: "ullong", value: 5 },
    "vcpu.1.exits.sum": { type: "ullong", value: 6 },
  });
  assert.deepEqual(vmCounters(undefined, undefined), {});
});

test("dirty rate: the result only once it is measured, by vCPU where the ring is used", () => {
  const about = { "start-time": 7, "calc-time": 1, mode: "dirty-ring" };
  assert.equal(
    "dirtyrate.megabytes_per_second" in dirtyRate({ ...about, status: "measuring" }),
    false,
  );
  const measured = dirtyRate({
    ...about,
    status: "measured",
    "dirty-rate": 12,
    "vcpu-dirty-rate": [{ id: 1, "dirty-rate": 4 }],
  });
  assert.deepEqual(measured["dirtyrate.calc_status"], { type: "int", value: 2 });
  assert.deepEqual(measured["dirtyrate.megabytes_per_second"], { type: "llong", value: 12 });
  assert.deepEqual(measured["dirtyrate.vcpu.1.megabytes_per_second"], { type: "llong", value: 4 });
});

test("guest memory: sizes in KiB, what the guest does not tell is left out", () => {
  const stats = { "stat-free-memory": 2048, "stat-minor-faults": 9, "stat-swap-in": 2 ** 64 };
  assert.deepEqual(guestMemory({ stats, "last-update": 5 }), {
    minor_fault: 9,
    unused: 2,
    last_update: 5,
  });
  assert.deepEqual(guestMemory(undefined), {});
});
