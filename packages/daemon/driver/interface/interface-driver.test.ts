import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "../own-network.ts";

const LIMIT_MS = 60_000;
const OWN_RUN = "mount -t tmpfs none /run && mkdir /run/network";

test("host interfaces: defined, started and stopped; changes are kept or taken back", {
  skip: noOwnNetwork(),
}, () => {
  const scenario = join(import.meta.dirname, "interface-driver.scenario.ts");
  const { status, words } = runScenario(scenario, LIMIT_MS, { prepare: OWN_RUN });
  assert.equal(status, 0, words);
});
