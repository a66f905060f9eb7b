/** What the command line of vireod can say. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface DaemonOptions {
  /** Everything lies under this directory; the system's own places when absent. */
  readonly root?: string;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly help: boolean;
  readonly version: boolean;
}

export const USAGE = `Usage: vireod [--root DIR] [--log-level LEVEL]

  --root DIR         keep everything under DIR (etc, lib, log, run, cache) instead of /etc/vireo and so on
  --log-level LEVEL  debug, info, warn or error; info by default
  --version          print the version
  --help             print this page
`;

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** @throws TypeError that says which option is wrong */
export function daemonOptions(argv: readonly string[]): DaemonOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      root: { type: "string" },
      "log-level": { type: "string" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "V" },
    },
  });
  const asked = values["log-level"] ?? "info";
  const logLevel = LEVELS.find((level) => level === asked);
  if (logLevel === undefined)
    throw new TypeError(`--log-level: expected one of ${LEVELS.join(", ")}, got '${asked}'`);
  return {
    logLevel,
    help: values.help === true,
    version: values.version === true,
    ...(values.root === undefined ? {} : { root: resolve(values.root) }),
  };
}
