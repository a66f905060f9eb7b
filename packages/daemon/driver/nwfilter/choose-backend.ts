/** Which firewall of the host has the filters. */
import { existsSync } from "node:fs";
import type { FirewallBackend } from "../contract.ts";
import { FilterTable } from "./filter-table.ts";
import type { FilterBackend } from "./interface-filter.ts";
import { XtablesBackend } from "./xtables-backend.ts";

/** br_netfilter shows bridged packets to iptables. */
const BRIDGE_NETFILTER = "/proc/sys/net/bridge";
const PROGRAMS = ["iptables-restore", "ip6tables-restore", "ebtables-restore"];
const PLACES = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

const isInstalled = (program: string): boolean =>
  PLACES.some((place) => existsSync(`${place}/${program}`));

interface Backends {
  readonly chosen: FilterBackend;
  /** What an earlier daemon may have used. */
  readonly other: FilterBackend | undefined;
}

/**
 * The one that was asked for; else nftables where the kernel tells it of connections on bridges,
 * iptables where only that knows of them.
 */
export async function chooseBackend(wanted: FirewallBackend | undefined): Promise<Backends> {
  const table = new FilterTable();
  const isUsable = existsSync(BRIDGE_NETFILTER) && PROGRAMS.every(isInstalled);
  const xtables = new XtablesBackend(new FilterTable());
  const isBetter = wanted === undefined && isUsable && !(await table.abilities()).connections;
  return wanted === "iptables" || isBetter
    ? { chosen: xtables, other: table }
    : { chosen: table, other: isUsable ? xtables : undefined };
}
