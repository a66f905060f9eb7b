/** The filters of corpus nwfilter-firewall, in real packets; `npm run conformance:packets` prints each case. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CORPUS } from "../../harness/corpus.ts";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";

const LIMIT_MS = 300_000;
const SCENARIO = join(import.meta.dirname, "packets.scenario.ts");
const skip =
  noOwnNetwork() || (!existsSync(join(CORPUS, "nwfilter-firewall")) && "there is no corpus");

for (const backend of ["nftables", "iptables"])
  test(`filters in ${backend}: what they let through and stop, in real packets`, { skip }, (t) => {
    const { status, stdout, words } = runScenario(SCENARIO, LIMIT_MS, { args: [CORPUS, backend] });
    assert.equal(status, 0, words);
    t.diagnostic(stdout.trim().split("\n").at(-1) ?? "");
  });
