/** Runs a scenario in a network namespace of its own, where it may make bridges and networks. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

/** A network namespace of one's own takes root. */
const canUnshare = (): boolean => spawnSync("unshare", ["-n", "true"]).status === 0;
const LIMIT_MS = 90_000;
const OWN = ["-n", "-m", "--propagation", "private", "sh", "-c"];
const PREPARE =
  'mount -t sysfs none /sys && mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up && exec "$@"';

/** For what a scenario that was ended has said. */
const REPORT_MS = 10_000;
const NO_RIGHT = "no right to make network namespaces";

/** `file` is a scenario of this directory: a test that makes what it likes. */
export const testInOwnNetwork = (
  name: string,
  file: string,
  limitMs = LIMIT_MS,
  args: readonly string[] = [],
): void =>
  void test(name, { skip: canUnshare() ? false : NO_RIGHT, timeout: limitMs + REPORT_MS }, (t) => {
    const scenario = join(import.meta.dirname, file);
    const argv = [...OWN, PREPARE, "sh", process.execPath, scenario, ...args];
    // told that it is run by a test runner, it would answer in that one's own binary form
    const { NODE_TEST_CONTEXT: _runner, ...env } = process.env;
    const { status, stdout, error } = spawnSync("unshare", argv, {
      encoding: "utf8",
      timeout: limitMs,
      env,
    });
    for (const [, figure = ""] of stdout.matchAll(/^[#ℹ] (figure: .*)$/gm)) t.diagnostic(figure);
    assert.equal(status, 0, `${stdout}${error?.message ?? ""}`);
  });
