/**
 * Virtual networks in real packets: some of the scenes, on a host that lets everything through and on one that drops what
 * nobody asked it for. `npm run conformance:packets` asks them all.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";
import { CORPUS } from "../../harness/corpus.ts";

const LIMIT_MS = 120_000;
const SCENARIO = join(import.meta.dirname, "network.scenario.ts");
const SCENES = {
  open: ["nat-ipv6-masquerade", "nat-range"],
  closed: ["nat-tftp", "route", "isolated"],
};

for (const backend of ["nftables", "iptables"])
  for (const [host, scenes] of Object.entries(SCENES))
    test(`networks in ${backend} on a host that is ${host}: what they let through and stop, in real packets`, {
      skip: noOwnNetwork(),
    }, (t) => {
      const { status, stdout, words } = runScenario(SCENARIO, LIMIT_MS, {
        args: [CORPUS, backend, host, ...scenes],
      });
      assert.equal(status, 0, words);
      t.diagnostic(stdout.trim().split("\n").at(-1) ?? "");
    });
