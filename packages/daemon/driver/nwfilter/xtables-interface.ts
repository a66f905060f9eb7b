/** What of one interface is in the tables of ebtables, iptables and ip6tables. */
import {
  dropped,
  emptyChains,
  goalOf,
  lineOfWords,
  missingChains,
  type SavedTable,
  type XtablesTool,
} from "../../host/xtables.ts";
import { type RuleChain, frameChains } from "./frame-chains.ts";
import type { InterfaceFilter } from "./interface-filter.ts";
import { WAYS } from "./interface-rules.ts";
import { ebtablesWords } from "./xtables-frame.ts";
import { PACKET_CHAINS, packetLines, type PacketTool } from "./xtables-packet.ts";

export const TOOLS: readonly XtablesTool[] = ["iptables", "ip6tables", "ebtables"];
export const TABLES: Readonly<Record<XtablesTool, string>> = {
  iptables: "filter",
  ip6tables: "filter",
  ebtables: "nat",
};

/** Chains of libvirt's names that lead to those of interfaces. */
const BASE_JUMPS = [
  ["FORWARD", 1, "libvirt-in"],
  ["FORWARD", 2, "libvirt-out"],
  ["FORWARD", 3, "libvirt-in-post"],
  ["INPUT", 1, "libvirt-host-in"],
] as const;
const BASE_CHAINS = new Set<string>(BASE_JUMPS.map(([, , name]) => name));

/** With what the names of chains below a root begin. */
const BELOW = /^(?:mac|stp|vlan|arp|rarp|ipv4|ipv6)/;

const isFrameChain =
  (dev: string) =>
  (chain: string): boolean =>
    WAYS.some((way) => {
      const below = ebtablesWords.below(way, dev, "");
      const isBelow = chain.startsWith(below) && BELOW.test(chain.slice(below.length));
      return isBelow || chain === ebtablesWords.root(way, dev);
    });
const isPacketChain =
  (dev: string) =>
  (chain: string): boolean =>
    PACKET_CHAINS.some(({ prefix }) => chain === `${prefix}-${dev}`);

/** The chains of frames that there are, both ways, without ways that nothing is said of. */
export const frameChainsOf = (filter: InterfaceFilter): readonly RuleChain[] =>
  WAYS.flatMap((way) => {
    const [root, ...below] = frameChains(filter, way, ebtablesWords);
    return root.rules.length === 0 ? [] : [root, ...below];
  });

function frameLines(filter: InterfaceFilter): readonly string[] {
  const { dev } = filter;
  const chains = frameChainsOf(filter);
  const jumps = [
    ["PREROUTING", "-i", ebtablesWords.root("out", dev)],
    ["POSTROUTING", "-o", ebtablesWords.root("in", dev)],
  ] as const;
  return [
    ...chains.map(({ name }) => `:${name} RETURN`),
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => `-A ${name} ${rule}`)),
    ...jumps.flatMap(([from, option, goal]) =>
      chains.some(({ name }) => name === goal) ? [`-A ${from} ${option} ${dev} -j ${goal}`] : [],
    ),
  ];
}

function ipLines(filter: InterfaceFilter, tool: PacketTool): readonly string[] {
  const { dev } = filter;
  const lines = packetLines(filter, tool);
  if (lines.length === 0) return [];
  const from = `-m physdev --physdev-in ${dev}`;
  return [
    ...PACKET_CHAINS.map(({ prefix }) => `:${prefix}-${dev} - [0:0]`),
    ...lines.map(({ chain, words }) => `-A ${chain} ${lineOfWords(words)}`),
    `-A libvirt-out -m physdev --physdev-out ${dev} --physdev-is-bridged -g FO-${dev}`,
    `-A libvirt-in ${from} -g FI-${dev}`,
    `-A libvirt-host-in ${from} -g HI-${dev}`,
    `-A libvirt-in-post ${from} -j ACCEPT`,
  ];
}

/** Whether the chain is one of the interface's own. */
export const isChainOf = (dev: string, tool: XtablesTool): ((chain: string) => boolean) =>
  tool === "ebtables" ? isFrameChain(dev) : isPacketChain(dev);

/** Lines that take everything of an interface away. */
export function removalLines(dev: string, tool: XtablesTool, saved: SavedTable): readonly string[] {
  const chains = dropped(saved, isChainOf(dev, tool));
  if (tool === "ebtables") return chains;
  const post = `-m physdev --physdev-in ${dev} -j ACCEPT`;
  return [
    ...saved.rules
      .filter(({ chain, text }) => chain === "libvirt-in-post" && text.includes(post))
      .map(({ chain, text }) => `-D ${chain} ${text}`),
    ...chains,
  ];
}

/** Lines that put an interface's rules in force where there are none of it. */
export const interfaceLines = (filter: InterfaceFilter, tool: XtablesTool): readonly string[] =>
  tool === "ebtables" ? frameLines(filter) : ipLines(filter, tool);

/** The lines that are needed once for all interfaces. */
export const sharedLines = (tool: XtablesTool, saved: SavedTable): readonly string[] =>
  tool === "ebtables" ? [] : missingChains(saved, BASE_JUMPS);

/** Takes the shared chains away when no interface needs them. */
export const sweepLines = (tool: XtablesTool, saved: SavedTable): readonly string[] =>
  tool === "ebtables" ? [] : emptyChains(saved, BASE_CHAINS);

/** Whether the chains of these lines are there, and gone to. */
export function isThere(lines: readonly string[], saved: SavedTable): boolean {
  const [chain] = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []);
  if (chain === undefined) return true;
  const leads = saved.rules.some(({ text }) => goalOf(text) === chain);
  return saved.chains.has(chain) && leads;
}
