import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

/** A network namespace of one's own takes root. */
const canUnshare = spawnSync("unshare", ["-n", "true"]).status === 0;
const LIMIT_MS = 90_000;
const OWN = ["-n", "-m", "--propagation", "private", "sh", "-c"];
const PREPARE = 'mount -t sysfs none /sys && ip link set lo up && exec "$@"';

test("hot plug: a network card, in a network namespace of its own", {
  skip: canUnshare ? false : "no right to make network namespaces",
}, () => {
  const scenario = join(import.meta.dirname, "hot-plug-nic.scenario.ts");
  const argv = [...OWN, PREPARE, "sh", process.execPath, scenario];
  const { status, stdout, error } = spawnSync("unshare", argv, {
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  assert.equal(status, 0, `${stdout}${error?.message ?? ""}`);
});
