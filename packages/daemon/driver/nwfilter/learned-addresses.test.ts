import assert from "node:assert/strict";
import { test } from "node:test";
import { type LearnedBy, learnedAfter } from "./learned-addresses.ts";

const guest: LearnedBy = { mode: "dhcp", mac: "52:54:00:00:00:01", addresses: {} };
const heard = (
  addresses: readonly string[],
  leases: Readonly<Record<string, number>> = {},
  released: readonly string[] = [],
) => ({ addresses, leases: new Map(Object.entries(leases)), released });
const NOW = 1_000_000;

test("learned addresses: a lease ends, what has none ends with the guest", () => {
  const { addresses } = learnedAfter(
    guest,
    heard(["10.0.0.1", "10.0.0.2"], { "10.0.0.1": 60 }),
    NOW,
  );
  assert.deepEqual(addresses, { "10.0.0.1": NOW + 60_000, "10.0.0.2": null });
  const later = learnedAfter(
    { ...guest, addresses },
    heard(["10.0.0.1", "10.0.0.2"]),
    NOW + 60_000,
  );
  assert.deepEqual(later.addresses, { "10.0.0.2": null });
});

test("learned addresses: a lease is renewed, may be for ever, and is given back", () => {
  const had = { ...guest, addresses: { "10.0.0.1": NOW + 1, "10.0.0.2": NOW + 1 } };
  const renewed = learnedAfter(had, heard([], { "10.0.0.1": 5, "10.0.0.2": 0xffff_ffff }), NOW);
  assert.deepEqual(renewed.addresses, { "10.0.0.1": NOW + 5000, "10.0.0.2": null });
  const both = ["10.0.0.1", "10.0.0.2"];
  const back = learnedAfter(renewed, heard(both, { "10.0.0.2": 7 }, both), NOW);
  assert.deepEqual(back.addresses, { "10.0.0.2": NOW + 7000 }, "given again in the same moment");
});

test("learned addresses: nothing is forgotten because nothing was heard", () => {
  const had = { ...guest, addresses: { "10.0.0.1": null } };
  assert.deepEqual(learnedAfter(had, undefined, NOW), had);
});
