/** The host's interfaces set up for real, by each of those who may do it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { KEEPER_NAMES, noPrivateHost, runOnPrivateHost } from "./private-host.ts";

for (const keeper of KEEPER_NAMES)
  test(`${keeper}: interfaces are defined, started, bridged and stopped; changes are kept or taken back`, {
    skip: noPrivateHost(keeper),
  }, () => {
    const scenario = join(import.meta.dirname, "interface-driver.scenario.ts");
    const { status, words } = runOnPrivateHost(keeper, scenario);
    assert.equal(status, 0, words);
  });
