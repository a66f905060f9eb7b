import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "../own-network.ts";

const LIMIT_MS = 180_000;
const SCENARIO = join(import.meta.dirname, "nwfilter-driver.scenario.ts");

for (const backend of ["nftables", "iptables"])
  test(`packet filters in ${backend}: spoofed packets are stopped, the rest passes, changes follow at once`, {
    skip: noOwnNetwork(),
  }, () => {
    const { status, words } = runScenario(SCENARIO, LIMIT_MS, { args: [backend] });
    assert.equal(status, 0, words);
  });
