/** How a scenario of this directory is run in a network namespace of its own. */
import { join } from "node:path";

const OWN = ["-n", "-m", "--propagation", "private", "sh", "-c"];
const PREPARE = 'mount -t sysfs none /sys && ip link set lo up && exec "$@"';

/** Arguments of unshare. */
export const insideOwnNetwork = (
  scenario: string,
  ...args: readonly string[]
): readonly string[] => [
  ...OWN,
  PREPARE,
  "sh",
  process.execPath,
  join(import.meta.dirname, scenario),
  ...args,
];
