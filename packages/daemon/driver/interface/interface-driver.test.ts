import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

/** A network namespace of one's own takes root. */
const canUnshare = spawnSync("unshare", ["-n", "true"]).status === 0;
const LIMIT_MS = 60_000;

test("host interfaces: defined, started and stopped; changes are kept or taken back", {
  skip: canUnshare ? false : "no right to make network namespaces",
}, () => {
  const scenario = join(import.meta.dirname, "interface-driver.scenario.ts");
  const inside =
    'mount -t sysfs none /sys && mount -t tmpfs none /run && mkdir /run/network && exec "$@"';
  const { status, stderr, error } = spawnSync(
    "unshare",
    ["-n", "-m", "--propagation", "private", "sh", "-c", inside, "sh", process.execPath, scenario],
    { encoding: "utf8", timeout: LIMIT_MS },
  );
  assert.equal(status, 0, `${stderr}${error?.message ?? ""}`);
});
