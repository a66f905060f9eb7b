/**
 * Prints what each filter of corpus nwfilter-firewall and each network of corpus network-firewall lets
 * through and stops, in real packets:
 *
 *     npm run conformance:packets -- [--corpus DIR] [--of filters|networks] [--backend nftables|iptables] [--only CASE]
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CORPUS } from "../../harness/corpus.ts";
import { inOwnNetwork } from "@vireo/daemon/driver/own-network";

const { values } = parseArgs({
  options: {
    corpus: { type: "string", default: CORPUS },
    backend: { type: "string" },
    only: { type: "string" },
    of: { type: "string" },
  },
});
const only = values.only === undefined ? [] : [values.only];
const corpus = resolve(values.corpus);

function show(scenario: string, ...args: readonly string[]): void {
  const argv = inOwnNetwork(join(import.meta.dirname, scenario), { args });
  const { status } = spawnSync("unshare", argv, { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

for (const backend of values.backend === undefined ? ["nftables", "iptables"] : [values.backend]) {
  if (values.of !== "networks") show("packets.scenario.ts", corpus, backend, ...only);
  if (values.of === "filters") continue;
  for (const host of ["open", "closed"])
    show("network.scenario.ts", corpus, backend, host, ...only);
}
