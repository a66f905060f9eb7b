/** The filters of corpus nwfilter-firewall, in real packets; `npm run conformance:packets` prints each case. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CORPUS } from "../../harness/corpus.ts";
import { insideOwnNetwork } from "./own-network.ts";

const LIMIT_MS = 300_000;
const canUnshare = spawnSync("unshare", ["-n", "true"]).status === 0;
const skip = !canUnshare
  ? "no right to make network namespaces"
  : !existsSync(join(CORPUS, "nwfilter-firewall")) && "there is no corpus";

for (const backend of ["nftables", "iptables"])
  test(`filters in ${backend}: what they let through and stop, in real packets`, { skip }, (t) => {
    const argv = insideOwnNetwork("packets.scenario.ts", CORPUS, backend);
    const { status, stdout, stderr } = spawnSync("unshare", argv, {
      encoding: "utf8",
      timeout: LIMIT_MS,
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    t.diagnostic(stdout.trim().split("\n").at(-1) ?? "");
  });
