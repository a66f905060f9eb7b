/** vireod dies in the middle of work on packet filters, in a network of its own; see the scenario. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";

const LIMIT_MS = 200_000;
const SCENARIO = join(import.meta.dirname, "filter-killed.scenario.ts");

test("kill -9 in the middle of work on filters", { skip: noOwnNetwork() }, (t) => {
  const { status, stdout, words } = runScenario(SCENARIO, LIMIT_MS);
  assert.equal(status, 0, words);
  for (const [, figure = ""] of stdout.matchAll(/figure: (.*)$/gm)) t.diagnostic(figure);
});
