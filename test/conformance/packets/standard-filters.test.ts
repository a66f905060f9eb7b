/** The standard filters beside the real libvirtd's own, in real frames; the scenario's `all` takes every frame. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";
import { Libvirtd } from "../../harness/libvirtd.ts";

const LIMIT_MS = 240_000;
const SCENARIO = join(import.meta.dirname, "standard-filters.scenario.ts");
const skip = noOwnNetwork() || (Libvirtd.missing() ?? false);

test("standard filters let through and stop what libvirt's do, in iptables and nftables", {
  skip,
}, (t) => {
  const { status, stdout, words } = runScenario(SCENARIO, LIMIT_MS, { args: ["short"] });
  assert.equal(status, 0, words);
  t.diagnostic(stdout.trim().split("\n").join("; "));
});
