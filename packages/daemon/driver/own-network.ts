/** For tests that make links, bridges and rules: a network namespace of their own, and a guard around the host's. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const LINKS = "/sys/class/net";
const NAMESPACES = ["-n", "-m", "--propagation", "private"];
/** The control groups' mounts lie below /sys: they go with it. */
const INSIDE = [
  "exec 3</sys/fs/cgroup",
  "mount -t sysfs none /sys",
  "{ mount --no-canonicalize --rbind /proc/self/fd/3 /sys/fs/cgroup; exec 3<&-; }",
  "mkdir -p /run/netns",
  "mount -t tmpfs none /run/netns",
  "ip link set lo up",
].join(" && ");

/** Why no namespace can be made, for a test's `skip`; false where it can. */
export const noOwnNetwork = (): string | false =>
  spawnSync("unshare", ["-n", "true"]).status === 0 ? false : "no right to make network namespaces";

export interface ScenarioRun {
  readonly args?: readonly string[];
  /** Shell words that are run first, in the new namespace. */
  readonly prepare?: string;
}

/** Arguments of `unshare` that run the scenario `file` in a network of its own: with `lo`, its own /sys and no namespaces. */
export const inOwnNetwork = (
  file: string,
  { args = [], prepare = ":" }: ScenarioRun = {},
): readonly string[] => [
  ...NAMESPACES,
  "sh",
  "-c",
  `${prepare} && ${INSIDE} && exec "$@"`,
  "sh",
  process.execPath,
  file,
  ...args,
];

export interface ScenarioEnd {
  readonly status: number | null;
  readonly stdout: string;
  /** All that it said, and why it was ended. */
  readonly words: string;
}

/** Runs the scenario `file` in a network of its own; ends it after `limitMs`. */
export function runScenario(file: string, limitMs: number, run: ScenarioRun = {}): ScenarioEnd {
  // told that it is run by a test runner, it would answer in that one's own binary form
  const { NODE_TEST_CONTEXT: _runner, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync("unshare", inOwnNetwork(file, run), {
    encoding: "utf8",
    timeout: limitMs,
    env,
  });
  return { status, stdout, words: `${stdout}${stderr}${error?.message ?? ""}` };
}

/**
 * First line of every scenario: run by hand, outside its namespace, it would take the host's network apart.
 * @throws Error where a link has a device behind it, a network card of the host.
 */
export function refuseHostNetwork(): void {
  const cards = readdirSync(LINKS).filter((name) => existsSync(join(LINKS, name, "device")));
  if (cards.length > 0)
    throw new Error(
      `this makes and removes links and rules, and here is the host's network (${cards.join(", ")}): run its test instead`,
    );
}
