/**
 * Prints what each filter of corpus nwfilter-firewall lets through and stops, in real packets:
 *
 *     npm run conformance:packets -- [--corpus DIR] [--backend nftables|iptables] [--only CASE]
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
  },
});
for (const backend of values.backend === undefined ? ["nftables", "iptables"] : [values.backend]) {
  const args = [
    resolve(values.corpus),
    backend,
    ...(values.only === undefined ? [] : [values.only]),
  ];
  const argv = inOwnNetwork(join(import.meta.dirname, "packets.scenario.ts"), { args });
  const { status } = spawnSync("unshare", argv, { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
