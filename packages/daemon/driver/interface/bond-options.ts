/** A bond's options under the names that the kernel gives them below `bonding/`; ifupdown and NetworkManager take the same. */
import { BOND_MODES, BOND_VALIDATES, type HostInterface } from "@vireo/model/node/host-interface";

type Bond = NonNullable<HostInterface["bond"]>;
export type BondOptions = Readonly<Record<string, string>>;

/** Names of all options, whether a bond has them or not. */
export const BOND_OPTIONS = [
  "mode",
  "miimon",
  "downdelay",
  "updelay",
  "use_carrier",
  "arp_interval",
  "arp_ip_target",
  "arp_validate",
] as const;

const CARRIERS = ["ioctl", "netif"] as const;

/** Without those that are not given. */
const present = (all: Readonly<Record<string, string | number | undefined>>): BondOptions =>
  Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );

export function bondOptions({ mode, miiMonitor, arpMonitor }: Bond): BondOptions {
  const carrier = miiMonitor?.carrier;
  return present({
    mode,
    miimon: miiMonitor?.freq,
    downdelay: miiMonitor?.downDelay,
    updelay: miiMonitor?.upDelay,
    use_carrier: carrier === undefined ? undefined : CARRIERS.indexOf(carrier),
    arp_interval: arpMonitor?.interval,
    arp_ip_target: arpMonitor?.target,
    arp_validate: arpMonitor?.validate,
  });
}

/** A word of a list, or its number in it. */
function wordIn<T extends string>(words: readonly T[], text: string | undefined): T | undefined {
  return words.find((word) => word === text) ?? words[text === undefined ? -1 : Number(text)];
}

const positive = (text: string | undefined): number | undefined =>
  Number(text) > 0 ? Number(text) : undefined;

function miiMonitorOf(options: BondOptions): Pick<Bond, "miiMonitor"> {
  const freq = positive(options["miimon"]);
  if (freq === undefined) return {};
  const [downDelay, upDelay] = [positive(options["downdelay"]), positive(options["updelay"])];
  const carrier = wordIn(CARRIERS, options["use_carrier"]);
  return {
    miiMonitor: {
      freq,
      ...(downDelay !== undefined && { downDelay }),
      ...(upDelay !== undefined && { upDelay }),
      ...(carrier !== undefined && { carrier }),
    },
  };
}

function arpMonitorOf(options: BondOptions): Pick<Bond, "arpMonitor"> {
  const interval = positive(options["arp_interval"]);
  const target = options["arp_ip_target"]?.split(/[\s,]+/)[0] ?? "";
  if (interval === undefined || target === "") return {};
  const validate = wordIn(BOND_VALIDATES, options["arp_validate"]);
  return { arpMonitor: { interval, target, ...(validate !== undefined && { validate }) } };
}

/** A bond of these options, without its interfaces. */
export function bondOf(options: BondOptions): Omit<Bond, "interfaces"> {
  const mode = wordIn(BOND_MODES, options["mode"]);
  return {
    ...(mode !== undefined && { mode }),
    ...miiMonitorOf(options),
    ...arpMonitorOf(options),
  };
}
