import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { parseNetwork } from "@vireo/model/network/parse-network";
import { noOwnNetwork, runScenario } from "../own-network.ts";
import { readLeases } from "./leases.ts";

const LIMIT_MS = 60_000;

test("networks come, survive the daemon, and go without a trace", { skip: noOwnNetwork() }, () => {
  const { status, words } = runScenario(
    join(import.meta.dirname, "network-driver.scenario.ts"),
    LIMIT_MS,
  );
  assert.equal(status, 0, words);
});

test("leases that have ended are not told", () => {
  const xml =
    "<network><name>n</name><bridge name='b'/><ip address='10.1.0.1' prefix='24'><dhcp><range start='10.1.0.2' end='10.1.0.9'/></dhcp></ip></network>";
  const { network } = parseNetwork(xml, () => "u");
  const text =
    "100 52:54:00:00:00:01 10.1.0.2 old *\n300 52:54:00:00:00:02 10.1.0.3 web *\nduid 00:01\n";
  const [only, ...more] = readLeases(text, network, 200);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [only?.address, only?.hostname, only?.clientId, only?.prefix],
    ["10.1.0.3", "web", undefined, 24],
  );
});
