/** Who has the rules of networks: nftables, in tables of our own, or iptables, in shared ones. */
import { isDeepStrictEqual } from "node:util";
import type { Network } from "@vireo/model/network/network";
import { execProgram } from "../../host/exec.ts";
import {
  changeTable,
  emptyChains,
  lineOfWords,
  missingChains,
  type SavedTable,
  savedTable,
} from "../../host/xtables.ts";
import type { FirewallBackend } from "../contract.ts";
import { rangeOf } from "./address-range.ts";
import { firewallRules, removalRules, tableOf } from "./network-firewall.ts";
import { NETWORK_CHAINS, networkRules, type NetworkRule } from "./network-xtables.ts";

export interface NetworkBackend {
  /**
   * Puts the rules in force, instead of those that the network had, or had when it was `before`.
   * @throws VireoError `internalError`
   */
  readonly apply: (network: Network, before?: Network) => Promise<void>;
  /** Whether or not they are there. @throws VireoError `internalError` */
  readonly remove: (network: Network) => Promise<void>;
  /** Where they are, for people. */
  readonly place: (network: Network) => string;
  readonly isThere: (network: Network, tables: ReadonlySet<string>) => Promise<boolean>;
}

const nft = async (input: string): Promise<void> => {
  await execProgram("nft", ["-f", "-"], { input });
};

const nftables: NetworkBackend = {
  apply: (network) => nft(firewallRules(network)),
  remove: (network) => nft(removalRules(network)),
  place: (network) => `table inet ${tableOf(network)}`,
  isThere: (network, tables) => Promise.resolve(tables.has(`inet ${tableOf(network)}`)),
};

/** Does the work for each table that the rules are in. */
async function byTable(
  rules: readonly NetworkRule[],
  work: (rules: readonly [NetworkRule, ...NetworkRule[]]) => Promise<void>,
): Promise<void> {
  const groups = Map.groupBy(rules, ({ tool, table }) => `${tool} ${table}`);
  for (const [first, ...rest] of groups.values())
    if (first !== undefined) await work([first, ...rest]);
}

const written = (option: "-I" | "-D", { chain, words }: NetworkRule): string =>
  `${option} ${chain} ${lineOfWords(words)}`;

/** One by one: some of them may be gone. */
async function removeRules(rules: readonly NetworkRule[]): Promise<void> {
  for (const { tool, table, chain, words } of rules.toReversed())
    await execProgram(tool, ["-w", "-t", table, "-D", chain, ...words]).catch(() => undefined);
}

const removals = (rules: readonly NetworkRule[]): readonly string[] =>
  rules.toReversed().map((one) => written("-D", one));

/** What the network's rules name, and no other network's: its bridge and its addresses. */
const marksOf = (network: Network): ReadonlySet<string> =>
  new Set([network.bridge?.name ?? "", ...(network.ips ?? []).map((ip) => rangeOf(ip).cidr)]);

/** Whether as many rules about the network are in each chain as there ought to be. */
function areThere(rules: readonly NetworkRule[], saved: SavedTable, network: Network): boolean {
  const marks = marksOf(network);
  const wanted = Map.groupBy(rules, ({ chain }) => chain);
  return [...wanted].every(([chain, own]) => {
    const about = saved.rules.filter(
      (one) => one.chain === chain && one.text.split(" ").some((word) => marks.has(word)),
    );
    return about.length === own.length;
  });
}

/** Of both programs, whatever a network asks of them: what else adds rules there, finds them. */
const TABLES = (["iptables", "ip6tables"] as const).flatMap((tool) =>
  (["filter", "nat", "mangle"] as const).map((table) => ({ tool, table })),
);

async function makeChains(): Promise<void> {
  for (const { tool, table } of TABLES)
    await changeTable(
      tool,
      table,
      missingChains(await savedTable(tool, table), NETWORK_CHAINS[table]),
    );
}

/** Takes the shared chains away when no network needs them any more. */
async function sweepChains(): Promise<void> {
  const sweeps: (() => Promise<void>)[] = [];
  for (const { tool, table } of TABLES) {
    const saved = await savedTable(tool, table);
    const names = new Set(NETWORK_CHAINS[table].map(([, , name]) => name));
    if (saved.rules.some(({ chain }) => names.has(chain))) return;
    sweeps.push(() => changeTable(tool, table, emptyChains(saved, names)));
  }
  for (const sweep of sweeps) await sweep();
}

const iptables: NetworkBackend = {
  apply: async (network, before) => {
    const wanted = networkRules(network);
    const outdated = before === undefined ? [] : networkRules(before);
    await removeRules(outdated.filter((old) => !wanted.some((one) => isDeepStrictEqual(one, old))));
    if (wanted.length > 0) await makeChains();
    await byTable(wanted, async (rules) => {
      const [{ tool, table }] = rules;
      const old = areThere(rules, await savedTable(tool, table), network);
      if (!old) await removeRules(rules);
      await changeTable(tool, table, [
        ...(old ? removals(rules) : []),
        ...rules.map((one) => written("-I", one)),
      ]);
    });
  },
  remove: async (network) => {
    await byTable(networkRules(network), async (rules) => {
      const [{ tool, table }] = rules;
      await changeTable(tool, table, removals(rules)).catch(() => removeRules(rules));
    });
    await sweepChains();
  },
  place: () => "iptables and ip6tables, chains LIBVIRT_FWO, LIBVIRT_FWI and LIBVIRT_PRT",
  isThere: async (network) => {
    const missing: string[] = [];
    await byTable(networkRules(network), async (rules) => {
      const [{ tool, table }] = rules;
      if (!areThere(rules, await savedTable(tool, table), network)) missing.push(table);
    });
    return missing.length === 0;
  },
};

export const networkBackend = (wanted: FirewallBackend | undefined): NetworkBackend =>
  wanted === "iptables" ? iptables : nftables;
