/**
 * vireod dies in the middle of works on networks: each time all is as before or as after, on the host too.
 * VIREO_CRASH_POINTS=all takes every point instead of some.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";

const SCENARIO = join(import.meta.dirname, "network-killed.scenario.ts");
const ALL = process.env["VIREO_CRASH_POINTS"] === "all";
const LIMIT_MS = ALL ? 1_800_000 : 200_000;
/** The works are the same; with iptables only the rules' points are others. */
const BACKENDS = ALL ? ["nftables", "iptables"] : ["nftables"];

for (const backend of BACKENDS)
  test(`kill -9 in the middle of a work on a network, rules in ${backend}`, {
    skip: noOwnNetwork(),
  }, (t) => {
    const { status, stdout, words } = runScenario(SCENARIO, LIMIT_MS, { args: [backend] });
    assert.equal(status, 0, words);
    for (const [line] of stdout.matchAll(/^.* points.*$/gm)) t.diagnostic(line);
  });
