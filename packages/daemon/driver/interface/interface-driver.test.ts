/** The host's interfaces set up for real, by each of those who may do it, in namespaces of their own. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork } from "../own-network.ts";

const LIMIT_MS = 120_000;

/** Programs without which a keeper cannot be tried, and the package that has them. */
const NEEDS: Readonly<Record<string, readonly (readonly [path: string, name: string])[]>> = {
  ifupdown: [
    ["/usr/sbin/ifup", "ifupdown"],
    ["/usr/sbin/brctl", "bridge-utils"],
  ],
  NetworkManager: [
    ["/usr/sbin/NetworkManager", "network-manager"],
    ["/usr/bin/nmcli", "network-manager"],
    ["/usr/bin/dbus-daemon", "dbus-daemon"],
  ],
  "systemd-networkd": [
    ["/lib/systemd/systemd-networkd", "systemd"],
    ["/usr/bin/networkctl", "systemd"],
    ["/usr/bin/dbus-daemon", "dbus-daemon"],
  ],
};

function whyNot(keeper: string): string | false {
  const no = noOwnNetwork();
  if (no !== false) return no;
  const [, missing] = NEEDS[keeper]?.find(([path]) => !existsSync(path)) ?? [];
  return missing === undefined ? false : `the package ${missing} is not installed`;
}

for (const keeper of Object.keys(NEEDS))
  test(`${keeper}: interfaces are defined, started, bridged and stopped; changes are kept or taken back`, {
    skip: whyNot(keeper),
  }, () => {
    const script = join(import.meta.dirname, "private-host.sh");
    const scenario = join(import.meta.dirname, "interface-driver.scenario.ts");
    const own = "--net --mount --pid --fork --mount-proc --kill-child --propagation private";
    const { status, stdout, stderr, error } = spawnSync(
      "unshare",
      [...own.split(" "), "sh", script, keeper, process.execPath, scenario, keeper],
      { encoding: "utf8", timeout: LIMIT_MS },
    );
    assert.equal(status, 0, `${stdout}${stderr}${error?.message ?? ""}`);
  });
