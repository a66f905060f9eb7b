/** Rules of networks in chains of iptables and ip6tables, which all networks share. */
import { hostProgram } from "./host-program.ts";
import { isDeepStrictEqual } from "node:util";
import type { Network } from "@vireo/model/network/network";
import {
  changeTable,
  emptyChains,
  lineOfWords,
  missingChains,
  type SavedTable,
  savedTable,
} from "../../host/xtables.ts";
import { rangeOf } from "./address-range.ts";
import type { NetworkRule } from "./network-xtables.ts";

/** A chain of ours, and where a chain of the kernel leads to it. */
type Jump = readonly [from: string, at: number, chain: string];
export type ChainTable = Pick<NetworkRule, "tool" | "table">;
export type Jumps = Readonly<Record<NetworkRule["table"], readonly Jump[]>>;

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
async function removeEach(rules: readonly NetworkRule[]): Promise<void> {
  for (const { tool, table, chain, words } of rules.toReversed())
    await hostProgram(tool, ["-w", "-t", table, "-D", chain, ...words]).catch(() => undefined);
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

/** Puts rules into the chains, which are made first, instead of those that there were before. */
export async function applyRules(
  network: Network,
  rules: { readonly wanted: readonly NetworkRule[]; readonly before: readonly NetworkRule[] },
  chains: { readonly tables: readonly ChainTable[]; readonly jumps: Jumps },
): Promise<void> {
  const { wanted, before } = rules;
  await removeEach(before.filter((old) => !wanted.some((one) => isDeepStrictEqual(one, old))));
  if (wanted.length === 0) return;
  for (const { tool, table } of chains.tables)
    await changeTable(
      tool,
      table,
      missingChains(await savedTable(tool, table), chains.jumps[table]),
    );
  await byTable(wanted, async (own) => {
    const [{ tool, table }] = own;
    const old = areThere(own, await savedTable(tool, table), network);
    if (!old) await removeEach(own);
    await changeTable(tool, table, [
      ...(old ? removals(own) : []),
      ...own.map((one) => written("-I", one)),
    ]);
  });
}

/** Whether or not they are there. */
export const removeRules = (rules: readonly NetworkRule[]): Promise<void> =>
  byTable(rules, async (own) => {
    const [{ tool, table }] = own;
    await changeTable(tool, table, removals(own)).catch(() => removeEach(own));
  });

/** Whether the rules are there, and the kernel comes to them. */
export async function rulesAreThere(
  network: Network,
  rules: readonly NetworkRule[],
  jumps: Jumps,
): Promise<boolean> {
  const missing: string[] = [];
  await byTable(rules, async (own) => {
    const [{ tool, table }] = own;
    const saved = await savedTable(tool, table);
    const isWhole = missingChains(saved, jumps[table]).length === 0;
    if (!isWhole || !areThere(own, saved, network)) missing.push(table);
  });
  return missing.length === 0;
}

/** Takes the chains away when no network needs them any more. */
export async function sweepChains(tables: readonly ChainTable[], jumps: Jumps): Promise<void> {
  const sweeps: (() => Promise<void>)[] = [];
  for (const { tool, table } of tables) {
    const saved = await savedTable(tool, table);
    const names = new Set(jumps[table].map(([, , name]) => name));
    if (saved.rules.some(({ chain }) => names.has(chain))) return;
    sweeps.push(() => changeTable(tool, table, emptyChains(saved, names)));
  }
  for (const sweep of sweeps) await sweep();
}
