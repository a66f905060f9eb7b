import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

/** A network namespace of one's own takes root. */
const canUnshare = spawnSync("unshare", ["-n", "true"]).status === 0;
const LIMIT_MS = 120_000;
const OWN = ["-n", "-m", "--propagation", "private", "sh", "-c"];

for (const backend of ["nftables", "iptables"])
  test(`packet filters in ${backend}: spoofed packets are stopped, the rest passes, changes follow at once`, {
    skip: canUnshare ? false : "no right to make network namespaces",
  }, () => {
    const scenario = join(import.meta.dirname, "nwfilter-driver.scenario.ts");
    const inside = 'mount -t sysfs none /sys && exec "$@"';
    const { status, stderr, error } = spawnSync(
      "unshare",
      [...OWN, inside, "sh", process.execPath, scenario, backend],
      { encoding: "utf8", timeout: LIMIT_MS },
    );
    assert.equal(status, 0, `${stderr}${error?.message ?? ""}`);
  });
