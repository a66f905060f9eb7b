/** Events of node devices, in a network and a /run of its own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";

const LIMIT_MS = 60_000;
/** For what a scenario that was ended has said. */
const REPORT_MS = 10_000;

test("node devices: real events reach those who listen", {
  skip: noOwnNetwork(),
  timeout: LIMIT_MS + REPORT_MS,
}, () => {
  const { status, words } = runScenario(join(import.meta.dirname, "events.scenario.ts"), LIMIT_MS, {
    prepare: "mount -t tmpfs none /run",
  });
  assert.equal(status, 0, words);
});
