/** Who has the rules of networks: nftables, in tables of our own, or iptables, in shared ones. */
import { execProgram } from "../../host/exec.ts";
import { hostProgram } from "./host-program.ts";
import type { Network } from "@vireo/model/network/network";
import type { FirewallBackend } from "../contract.ts";
import { applyRules, removeRules, rulesAreThere, sweepChains } from "./network-chains.ts";
import { firewallRules, removalRules, tableOf } from "./network-firewall.ts";
import { close, isOpen, open } from "./network-openings.ts";
import { NETWORK_CHAINS, networkRules } from "./network-xtables.ts";

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
  await hostProgram("nft", ["-f", "-"], { input });
};

/** Tables of nftables, as `family name`. @throws VireoError `internalError` */
export async function presentTables(): Promise<ReadonlySet<string>> {
  const { stdout } = await execProgram("nft", ["list", "tables"]);
  return new Set([...stdout.matchAll(/^table (\S+ \S+)$/gm)].map(([, name = ""]) => name));
}

const nftables: NetworkBackend = {
  apply: async (network, before) => {
    await nft(firewallRules(network));
    await open(network, before, await presentTables());
  },
  remove: async (network) => {
    await nft(removalRules(network));
    await close(network, await presentTables());
  },
  place: (network) => `table inet ${tableOf(network)}`,
  isThere: async (network, tables) =>
    tables.has(`inet ${tableOf(network)}`) && (await isOpen(network, tables)),
};

/** Of both programs, whatever a network asks of them: what else adds rules there, finds them. */
const TABLES = (["iptables", "ip6tables"] as const).flatMap((tool) =>
  (["filter", "nat", "mangle"] as const).map((table) => ({ tool, table })),
);
const CHAINS = { tables: TABLES, jumps: NETWORK_CHAINS };

const iptables: NetworkBackend = {
  apply: (network, before) => {
    const outdated = before === undefined ? [] : networkRules(before);
    return applyRules(network, { wanted: networkRules(network), before: outdated }, CHAINS);
  },
  remove: async (network) => {
    await removeRules(networkRules(network));
    await sweepChains(TABLES, NETWORK_CHAINS);
  },
  place: () => "iptables and ip6tables, chains LIBVIRT_FWO, LIBVIRT_FWI and LIBVIRT_PRT",
  isThere: (network) => rulesAreThere(network, networkRules(network), NETWORK_CHAINS),
};

export const networkBackend = (wanted: FirewallBackend | undefined): NetworkBackend =>
  wanted === "iptables" ? iptables : nftables;
