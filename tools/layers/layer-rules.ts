/** Which room may import which: DESIGN section 2 as data. There is no list of exceptions. */

/** A package and the packages of ours that it may import; itself is always allowed. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  model: [],
  rpc: [],
  qemu: ["model"],
  sdk: ["model", "rpc"],
  daemon: ["model", "rpc", "qemu"],
  cli: ["model", "sdk"],
  console: ["model", "sdk"],
};

/** The storeys inside the daemon; files in its root put everything together and may import all. */
const DAEMON: Readonly<Record<string, readonly string[]>> = {
  door: ["api", "driver", "state", "event", "host"],
  api: ["driver", "state", "event", "host"],
  driver: ["state", "event", "host"],
  state: ["host"],
  event: ["host"],
  host: [],
};

/** Packages in which no module of Node may be imported, so that they run in a browser. */
const PURE: readonly string[] = ["model"];

/** Third-party modules by the only folder that may import them. */
const CONFINED: Readonly<Record<string, string>> = {
  saxes: "packages/model/xml/",
  koffi: "packages/daemon/host/",
};

const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1];
const storeyOf = (path: string): string | undefined =>
  /^packages\/daemon\/([^/]+)\//.exec(path)?.[1];
const driverOf = (path: string): string | undefined =>
  /^packages\/daemon\/driver\/([^/]+)\//.exec(path)?.[1];

/** Why the file `from` may not import the file `to`, both relative to the top; undefined when it may. */
export function whyNotFile(from: string, to: string): string | undefined {
  const [home, target] = [packageOf(from), packageOf(to)];
  if (home === undefined) return undefined;
  if (target === undefined) return `packages import packages only, not ${to}`;
  if (home !== target) return whyNotPackage(home, target);
  return home === "daemon" ? whyNotStorey(from, to) : undefined;
}

function whyNotPackage(home: string, target: string): string | undefined {
  const allowed = PACKAGES[home];
  if (allowed === undefined) return `the package ${home} has no place in tools/layers/layer-rules`;
  return allowed.includes(target) ? undefined : `${home} may not import ${target}`;
}

function whyNotStorey(from: string, to: string): string | undefined {
  const [home, target] = [storeyOf(from), storeyOf(to)];
  if (home === undefined) return undefined;
  if (target === undefined) return `only the daemon's root imports its root`;
  const allowed = DAEMON[home];
  if (allowed === undefined) return `the storey daemon/${home} has no place in layer-rules`;
  if (home !== target && !allowed.includes(target)) return `${home} may not import ${target}`;
  const driver = driverOf(to);
  if (driver === undefined || driver === driverOf(from)) return undefined;
  return home === "driver"
    ? `a driver never imports another driver (${driver}): ask through driver/contract`
    : `${home} may not know the ${driver} driver: ask through driver/contract`;
}

/** Why the file `from` may not import the outside module `specifier`; undefined when it may. */
export function whyNotModule(from: string, specifier: string): string | undefined {
  const home = packageOf(from);
  if (home === undefined) return undefined;
  if (specifier.startsWith("node:") && PURE.includes(home) && !from.endsWith(".test.ts"))
    return `${home} is pure: it may not import ${specifier}`;
  const only = CONFINED[specifier];
  return only === undefined || from.startsWith(only)
    ? undefined
    : `${specifier} belongs to ${only}`;
}
