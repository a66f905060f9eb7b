/** Tests on hosts whose interfaces are set up by ifupdown, NetworkManager or systemd-networkd: each in namespaces of its own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { noOwnNetwork } from "../own-network.ts";

const LIMIT_MS = 240_000;

/** Programs without which a keeper cannot be tried, and the package that has them. */
const NEEDS = {
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
} as const;

export type KeeperName = keyof typeof NEEDS;
export const KEEPER_NAMES: readonly KeeperName[] = [
  "ifupdown",
  "NetworkManager",
  "systemd-networkd",
];

/** Why there can be no such host, for a test's `skip`; false when there can. */
export function noPrivateHost(keeper: KeeperName): string | false {
  const no = noOwnNetwork();
  if (no !== false) return no;
  const [, missing] = NEEDS[keeper].find(([path]) => !existsSync(path)) ?? [];
  return missing === undefined ? false : `the package ${missing} is not installed`;
}

/** Runs a scenario on such a host, with the keeper's name as its argument. @returns its status, and all that it said */
export function runOnPrivateHost(
  keeper: KeeperName,
  scenario: string,
): { readonly status: number | null; readonly words: string } {
  const script = join(import.meta.dirname, "private-host.sh");
  const own = "--net --mount --pid --fork --mount-proc --kill-child --propagation private";
  // told that it is run by a test runner, it would answer in that one's own binary form
  const { NODE_TEST_CONTEXT: _runner, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(
    "unshare",
    [...own.split(" "), "sh", script, keeper, process.execPath, scenario, keeper],
    { encoding: "utf8", timeout: LIMIT_MS, env },
  );
  return { status, words: `${stdout}${stderr}${error?.message ?? ""}` };
}
