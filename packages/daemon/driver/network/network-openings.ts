/**
 * Ways through somebody else's firewall. A packet that our own table of nftables accepts is still
 * stopped by another table that drops it, as those of Docker and ufw do: what a network lets
 * through is accepted there too, in chains of ours that go with the last network. All other rules
 * stay where they are.
 */
import type { Network } from "@vireo/model/network/network";
import { savedTable, type SavedTable } from "../../host/xtables.ts";
import { readTextIfThere } from "../../host/file.ts";
import {
  applyRules,
  type ChainTable,
  type Jumps,
  removeRules,
  rulesAreThere,
  sweepChains,
} from "./network-chains.ts";
import { NETWORK_CHAINS, networkRules, type NetworkRule } from "./network-xtables.ts";

type Tool = NetworkRule["tool"];

/** Each program with its table in nftables, and where the kernel lists those that are older. */
const TOOLS: readonly (readonly [tool: Tool, table: string, older: string])[] = [
  ["iptables", "ip filter", "/proc/net/ip_tables_names"],
  ["ip6tables", "ip6 filter", "/proc/net/ip6_tables_names"],
];

/** Chains of a real libvirtd beside us are its own. */
export const OPENING_PREFIX = "VIREO_";
const ours = (chain: string): string => chain.replace(/^LIBVIRT_/, OPENING_PREFIX);
const JUMPS: Jumps = {
  filter: NETWORK_CHAINS.filter.map(([from, at, chain]) => [from, at, ours(chain)]),
  nat: [],
  mangle: [],
};
const tableOf = (tool: Tool): ChainTable => ({ tool, table: "filter" });

const isOurs = (chain: string): boolean => chain.startsWith(OPENING_PREFIX);
const STOPS = /-j (?:DROP|REJECT)\b/;

/** Whether somebody stops packets there that nobody let through. */
const isClosed = ({ policies, rules }: SavedTable): boolean =>
  [...policies.values()].includes("DROP") ||
  rules.some(({ chain, text }) => !isOurs(chain) && STOPS.test(text));

/** What iptables has in its table; undefined when it has none, or there is no iptables. */
async function tableIn(tables: ReadonlySet<string>, tool: Tool): Promise<SavedTable | undefined> {
  const [, name = "", older = ""] = TOOLS.find(([one]) => one === tool) ?? [];
  const isThere =
    tables.has(name) || ((await readTextIfThere(older)) ?? "").split("\n").includes("filter");
  return isThere ? savedTable(tool, "filter").catch(() => undefined) : undefined;
}

async function toolsWhere(
  tables: ReadonlySet<string>,
  is: (table: SavedTable) => boolean,
): Promise<readonly Tool[]> {
  const found = await Promise.all(
    TOOLS.map(async ([tool]) => {
      const table = await tableIn(tables, tool);
      return table !== undefined && is(table) ? [tool] : [];
    }),
  );
  return found.flat();
}

/** What the network lets through, by the programs that would stop it. */
const openingsOf = (network: Network, tools: readonly Tool[]): readonly NetworkRule[] =>
  networkRules(network)
    .filter(({ tool, table, words }) => {
      const isAccepted = table === "filter" && words.at(-1) === "ACCEPT";
      return isAccepted && tools.includes(tool);
    })
    .map((rule) => ({ ...rule, chain: ours(rule.chain) }));

/** @throws VireoError `internalError` */
export async function open(
  network: Network,
  before: Network | undefined,
  tables: ReadonlySet<string>,
): Promise<void> {
  const tools = await toolsWhere(tables, isClosed);
  const rules = {
    wanted: openingsOf(network, tools),
    before: before === undefined ? [] : openingsOf(before, tools),
  };
  await applyRules(network, rules, { tables: tools.map(tableOf), jumps: JUMPS });
}

const hasOurChains = ({ chains }: SavedTable): boolean => [...chains].some(isOurs);

/** Whether or not there are any. @throws VireoError `internalError` */
export async function close(network: Network, tables: ReadonlySet<string>): Promise<void> {
  const tools = await toolsWhere(tables, hasOurChains);
  if (tools.length === 0) return;
  await removeRules(openingsOf(network, tools));
  await sweepChains(tools.map(tableOf), JUMPS);
}

/** Whether the network has a way wherever somebody stops packets. */
export async function isOpen(network: Network, tables: ReadonlySet<string>): Promise<boolean> {
  const tools = await toolsWhere(tables, isClosed);
  return rulesAreThere(network, openingsOf(network, tools), JUMPS);
}
