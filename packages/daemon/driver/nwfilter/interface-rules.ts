/**
 * The rules of one interface. Frames are looked at as they enter from the guest or leave for it
 * (`out/IF` and `in/IF`, with a chain below them for each chain of the filter); then, for protocols
 * above, packets from the guest (`out-ip/IF`) and those that the bridge forwards to it (`in-ip/IF`).
 */
import { virError } from "@vireo/model/error";
import type { ExpandedChain, ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import { chainProtocol } from "@vireo/model/nwfilter/nwfilter";
import { isTracked, packetMatch } from "./packet-match.ts";

/** What this kernel's nftables can do in the bridge family. */
export interface BridgeAbilities {
  /** Knows the connection of a packet. */
  readonly connections: boolean;
  /** Can answer a packet that is turned away. */
  readonly reject: boolean;
}

export interface Learning {
  /** `any`: the first address that the guest uses; `dhcp`: those that a DHCP server gives it. */
  readonly mode: "any" | "dhcp";
  readonly mac: string;
  /** Only these DHCP servers are believed; any when empty. */
  readonly servers: readonly string[];
}

export interface InterfaceFilter {
  readonly dev: string;
  readonly chains: readonly ExpandedChain[];
  readonly learning?: Learning;
}

export interface NftChain {
  readonly name: string;
  readonly rules: readonly string[];
}

export interface InterfaceRules {
  readonly dev: string;
  readonly chains: readonly NftChain[];
  /** Declarations of sets, by name. */
  readonly sets: ReadonlyMap<string, string>;
}

type Way = "out" | "in";
const WAYS: readonly Way[] = ["out", "in"];

/** The four chains that every filtered interface has. */
export const entryChains = (dev: string): Readonly<Record<string, string>> => ({
  out: `out/${dev}`,
  in: `in/${dev}`,
  "out-ip": `out-ip/${dev}`,
  "in-ip": `in-ip/${dev}`,
});

const setOf = (dev: string, { mode }: Learning): string => `${mode}/${dev}`;
/** A guest may be given several addresses by DHCP one after the other. */
const SET_SIZE = { any: 1, dhcp: 16 } as const;

const COMMENT_LIMIT = 100;
function commentOf({ match }: ExpandedRule): string {
  const { comment } = match;
  const said = typeof comment === "string" ? comment.replace(/[^\x20-\x7e]|["\\]/g, "") : "";
  return said === "" ? "" : `comment "${said.slice(0, COMMENT_LIMIT)}"`;
}

const line = (...parts: readonly string[]): string => parts.filter((one) => one !== "").join(" ");

/** Frames are not rejected but dropped: there is nobody to tell. */
const FRAME_VERDICT: Readonly<Record<ExpandedRule["action"], string>> = {
  accept: "accept",
  drop: "drop",
  reject: "drop",
  return: "return",
  continue: "continue",
};

interface Naming {
  readonly learned: ReadonlyMap<string, string>;
  readonly abilities: BridgeAbilities;
}

/** A rule about frames, one way; nothing when it is about the other. */
function frameRule(rule: ExpandedRule, way: Way, { learned }: Naming): readonly string[] {
  if (isTracked(rule.protocol)) return [];
  if (rule.direction !== "inout" && rule.direction !== way) return [];
  const reversed = rule.direction === "inout" && way === "out";
  const words = packetMatch(rule.protocol, rule.match, { reversed, learned });
  return [line(words, FRAME_VERDICT[rule.action], commentOf(rule))];
}

/** Frames that a chain of the filter is for. */
const CHAIN_FRAMES: Readonly<Record<string, string>> = {
  mac: "",
  stp: "ether daddr 01:80:c2:00:00:00",
  vlan: "ether type 0x8100",
  ipv4: "ether type 0x0800",
  ipv6: "ether type 0x86dd",
  arp: "ether type 0x0806",
  rarp: "ether type 0x8035",
};

const chainName = (way: Way, dev: string, chain: string): string =>
  `${way}/${dev}/${chain.replaceAll(":", "_.")}`;

function frameChains(filter: InterfaceFilter, way: Way, naming: Naming): readonly NftChain[] {
  const { dev, chains } = filter;
  const root: { priority: number; text: string }[] = [];
  const below: NftChain[] = [];
  // of equals the chains come first
  for (const { name, priority, rules } of chains) {
    if (name === "root") continue;
    const texts = rules.flatMap((rule) => frameRule(rule, way, naming));
    if (texts.length === 0) continue;
    const chain = chainName(way, dev, name);
    below.push({ name: chain, rules: texts });
    const frames = CHAIN_FRAMES[chainProtocol(name) ?? ""] ?? "";
    root.push({ priority, text: line(frames, "jump", chain) });
  }
  for (const rule of chains.find(({ name }) => name === "root")?.rules ?? [])
    for (const text of frameRule(rule, way, naming)) root.push({ priority: rule.priority, text });
  const ordered = root.toSorted((a, b) => a.priority - b.priority).map(({ text }) => text);
  return [{ name: `${way}/${dev}`, rules: ordered }, ...below];
}

/** How the connection must stand, one way; `undefined`: the rule says nothing of packets this way. */
function connectionOf(rule: ExpandedRule, way: Way): string | undefined {
  const { direction, match, action, stateless } = rule;
  const ownWay = direction === "inout" || direction === way;
  const { state, type } = match;
  if (state !== undefined)
    return !ownWay
      ? undefined
      : state === "NONE"
        ? ""
        : `ct state { ${String(state).toLowerCase().replace("none", "untracked")} }`;
  if (direction === "inout" || stateless || action !== "accept") return "";
  // a message of ICMP that was named by its type has no answer of that type
  if (type !== undefined) return ownWay ? "ct state { new, established }" : undefined;
  return ownWay
    ? "ct state { new, established } ct direction original"
    : "ct state established ct direction reply";
}

function verdictOf(rule: ExpandedRule, way: Way, { reject }: BridgeAbilities): string {
  if (rule.action === "reject") return reject && way === "out" ? "reject" : "drop";
  return FRAME_VERDICT[rule.action];
}

function packetRule(
  rule: ExpandedRule,
  way: Way,
  { learned, abilities }: Naming,
): readonly string[] {
  if (!isTracked(rule.protocol)) return [];
  const connection = connectionOf(rule, way);
  if (connection === undefined) return [];
  const limit = rule.match["connlimit-above"];
  if ((connection !== "" || limit !== undefined) && !abilities.connections)
    throw virError(
      "configUnsupported",
      `the filter asks for the state of connections (${rule.protocol}), which this kernel does not know on bridges: it lacks nf_conntrack_bridge; rules with statematch='false' work without`,
    );
  const reversed = way === "out" ? rule.direction !== "out" : rule.direction === "out";
  const words = packetMatch(rule.protocol, rule.match, { reversed, learned });
  const over = limit === undefined ? "" : `ct count over ${Number(limit)}`;
  return [line(words, connection, over, verdictOf(rule, way, abilities), commentOf(rule))];
}

function packetChains({ dev, chains }: InterfaceFilter, naming: Naming): readonly NftChain[] {
  const rules = chains.flatMap((chain) => chain.rules).toSorted((a, b) => a.priority - b.priority);
  return WAYS.map((way) => ({
    name: `${way}-ip/${dev}`,
    rules: rules.flatMap((rule) => packetRule(rule, way, naming)),
  }));
}

/** In DHCP's answer: operation, the address given, the guest's MAC address; bits behind UDP's start. */
const DHCP = { operation: "@th,64,8", given: "@th,192,32", client: "@th,288,48" };

/** Notes the addresses of the guest, before anything is filtered. */
function learningRules(dev: string, learning: Learning, way: Way): readonly string[] {
  const set = setOf(dev, learning);
  const { mac, servers } = learning;
  if (way === "in") {
    const from = servers.length === 0 ? "" : `ip saddr { ${servers.join(", ")} }`;
    const client = `${DHCP.client} 0x${mac.replaceAll(":", "")}`;
    const reply = `udp sport 67 udp dport 68 ${DHCP.operation} 2 ${client}`;
    return [line(from, reply, `${DHCP.given} != 0`, `add @${set} { ${DHCP.given} }`)];
  }
  if (learning.mode === "dhcp") return [];
  const own = `ether saddr ${mac}`;
  return [
    `${own} ip saddr != 0.0.0.0 add @${set} { ip saddr }`,
    `${own} arp saddr ip != 0.0.0.0 add @${set} { arp saddr ip }`,
  ];
}

/** @throws VireoError `configUnsupported` for what nftables or this kernel cannot do */
export function interfaceRules(
  filter: InterfaceFilter,
  abilities: BridgeAbilities,
): InterfaceRules {
  const { dev, learning } = filter;
  const set = learning && setOf(dev, learning);
  const learned = new Map(set === undefined ? [] : [["IP", set]]);
  const naming = { learned, abilities };
  const frames = WAYS.flatMap((way) => {
    const [entry, ...below] = frameChains(filter, way, naming);
    const first = learning === undefined ? [] : learningRules(dev, learning, way);
    return [{ name: `${way}/${dev}`, rules: [...first, ...(entry?.rules ?? [])] }, ...below];
  });
  return {
    dev,
    chains: [...frames, ...packetChains(filter, naming)],
    sets: new Map(
      set === undefined || learning === undefined
        ? []
        : [[set, `type ipv4_addr; size ${SET_SIZE[learning.mode]}; flags dynamic;`]],
    ),
  };
}
