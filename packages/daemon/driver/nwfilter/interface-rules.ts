/**
 * The rules of one interface. Frames are looked at as they enter from the guest or leave for it
 * (`out/IF` and `in/IF`, with a chain below them for each chain of the filter); then, for protocols
 * above, packets from the guest (`out-ip/IF`) and those that the bridge forwards to it (`in-ip/IF`).
 */
import { virError } from "@vireo/model/error";
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import { type Connection, connectionOf, isReversed, type Way } from "./connection.ts";
import { frameChains, type FrameWords, type RuleChain } from "./frame-chains.ts";
import type { InterfaceFilter } from "./interface-filter.ts";
import { learningOf, type NamedSet } from "./learning-rules.ts";
import { line } from "./line.ts";
import { isTracked, packetMatches } from "./packet-match.ts";

/** What this kernel's nftables can do in the bridge family. */
export interface BridgeAbilities {
  /** Knows the connection of a packet. */
  readonly connections: boolean;
  /** Can answer a packet that is turned away. */
  readonly reject: boolean;
}

export interface InterfaceRules {
  readonly dev: string;
  readonly chains: readonly RuleChain[];
  /** That addresses are learned in. */
  readonly sets: readonly NamedSet[];
}

export const WAYS: readonly Way[] = ["out", "in"];

/** The four chains that every filtered interface has. */
export const entryChains = (dev: string): Readonly<Record<string, string>> => ({
  out: `out/${dev}`,
  in: `in/${dev}`,
  "out-ip": `out-ip/${dev}`,
  "in-ip": `in-ip/${dev}`,
});

const COMMENT_LIMIT = 100;
function commentOf({ match }: ExpandedRule): string {
  const { comment } = match;
  const said = typeof comment === "string" ? comment.replace(/[^\x20-\x7e]|["\\]/g, "") : "";
  return said === "" ? "" : `comment "${said.slice(0, COMMENT_LIMIT)}"`;
}

/** Counted, so that who asks is told what it stopped. */
const DROP = "counter drop";

/** Frames are not rejected but dropped: there is nobody to tell. */
const FRAME_VERDICT: Readonly<Record<ExpandedRule["action"], string>> = {
  accept: "accept",
  drop: DROP,
  reject: DROP,
  return: "return",
  continue: "continue",
};

interface Naming {
  readonly learned: ReadonlyMap<string, string>;
  readonly abilities: BridgeAbilities;
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

const frameWords = ({ learned }: Naming): FrameWords => ({
  root: (way, dev) => `${way}/${dev}`,
  below: (way, dev, chain) => `${way}/${dev}/${chain.replaceAll(":", "_.")}`,
  jump: (protocol, chain) => line(CHAIN_FRAMES[protocol] ?? "", "jump", chain),
  rule: ({ reversed, ...rule }) => {
    const ways = packetMatches(rule.protocol, rule.match, { reversed, learned });
    return ways.map((words) => line(words, FRAME_VERDICT[rule.action], commentOf(rule)));
  },
});

/** In nftables' words. */
function connectionWords({ states, side }: Connection): string {
  if (states.length === 0) return "";
  const [first = "", ...more] = states.map((one) => one.toLowerCase().replace("none", "untracked"));
  const asked = more.length === 0 ? first : `{ ${[first, ...more].join(", ")} }`;
  return line(`ct state ${asked}`, side === undefined ? "" : `ct direction ${side}`);
}

function verdictOf(rule: ExpandedRule, way: Way, { reject }: BridgeAbilities): string {
  if (rule.action === "reject") return reject && way === "out" ? "counter reject" : DROP;
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
  const state = connectionWords(connection);
  if ((state !== "" || limit !== undefined) && !abilities.connections)
    throw virError(
      "configUnsupported",
      `the filter asks for the state of connections (${rule.protocol}), which this kernel does not know on bridges: it lacks nf_conntrack_bridge; rules with statematch='false' work without`,
    );
  const reversed = isReversed(rule, way);
  const ways = packetMatches(rule.protocol, rule.match, { reversed, learned });
  const over = limit === undefined ? "" : `ct count over ${Number(limit)}`;
  const verdict = verdictOf(rule, way, abilities);
  return ways.map((words) => line(words, state, over, verdict, commentOf(rule)));
}

/** Of all chains, in the order in which they are asked. */
export const packetRulesOf = ({ chains }: InterfaceFilter): readonly ExpandedRule[] =>
  chains
    .flatMap((chain) => chain.rules)
    .filter(({ protocol }) => isTracked(protocol))
    .toSorted((a, b) => a.priority - b.priority);

function packetChains(filter: InterfaceFilter, naming: Naming): readonly RuleChain[] {
  const rules = packetRulesOf(filter);
  return WAYS.map((way) => ({
    name: `${way}-ip/${filter.dev}`,
    rules: rules.flatMap((rule) => packetRule(rule, way, naming)),
  }));
}

/** @throws VireoError `configUnsupported` for what nftables or this kernel cannot do */
export function interfaceRules(
  filter: InterfaceFilter,
  abilities: BridgeAbilities,
): InterfaceRules {
  const { dev } = filter;
  const { sets, first } = learningOf(filter);
  const [set] = sets;
  const learned = new Map(set === undefined ? [] : [["IP", set.name]]);
  const naming = { learned, abilities };
  const frames = WAYS.flatMap((way) => {
    const [entry, ...below] = frameChains(filter, way, frameWords(naming));
    return [{ name: entry.name, rules: [...first[way], ...entry.rules] }, ...below];
  });
  return { dev, chains: [...frames, ...packetChains(filter, naming)], sets };
}

/** Notes the addresses of the guest, and lets everything pass. */
export function learningOnly(filter: InterfaceFilter): InterfaceRules {
  const { dev } = filter;
  const { sets, first } = learningOf(filter);
  const chains = WAYS.map((way) => ({ name: `${way}/${dev}`, rules: first[way] }));
  const empty = WAYS.map((way) => ({ name: `${way}-ip/${dev}`, rules: [] }));
  return { dev, chains: [...chains, ...empty], sets };
}
