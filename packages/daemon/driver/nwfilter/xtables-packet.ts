/**
 * Rules about packets in the words of iptables and ip6tables: three chains for each interface, of
 * what the bridge forwards from the guest (FI) and to it (FO), and of what is for the host (HI).
 */
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import { type Connection, connectionOf, isReversed, type Way } from "./connection.ts";
import type { InterfaceFilter } from "./interface-filter.ts";
import { packetRulesOf } from "./interface-rules.ts";
import { number } from "./protocol-number.ts";

export type PacketTool = "iptables" | "ip6tables";

export const PACKET_CHAINS = [
  { prefix: "FI", way: "out", accept: "RETURN" },
  { prefix: "FO", way: "in", accept: "ACCEPT" },
  { prefix: "HI", way: "out", accept: "RETURN" },
] as const;

/** A rule, in the words of the program. */
interface PacketLine {
  readonly chain: string;
  readonly words: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;
type Words = readonly string[];

const isSix = (protocol: string): boolean => protocol.endsWith("-ipv6") || protocol === "icmpv6";

interface How {
  readonly before?: Words;
  readonly text?: (raw: string) => string;
}
interface Joined {
  readonly before?: Words;
  readonly join: (first: string, second: string | undefined) => string;
}

/** What a rule asks, in the words of one attribute after the other. */
interface Asked {
  /** `option` with the attribute's value, after `before`; nothing when it is not asked. */
  readonly one: (name: string, option: string, how?: How) => Words;
  /** As `one`, with what the second attribute adds. */
  readonly two: (names: readonly [string, string], option: string, how: Joined) => Words;
}

function askedOf({ match: fits, ...rest }: ExpandedRule["match"]): Asked {
  const attributes = rest as Attributes; // only `match` is no text
  const not = fits === false ? ["!"] : [];
  const two: Asked["two"] = ([first, second], option, { before = [], join }) => {
    const value = attributes[first];
    return value === undefined ? [] : [...before, ...not, option, join(value, attributes[second])];
  };
  const one: Asked["one"] = (name, option, { before = [], text = (raw: string) => raw } = {}) =>
    two([name, ""], option, { before, join: text });
  return { one, two };
}

const masked = (address: string, mask: string | undefined): string =>
  mask === undefined ? address : `${address}/${mask}`;
const ports = (first: string, last: string | undefined): string =>
  last === undefined ? number(first) : `${number(first)}:${number(last)}`;
const between = (first: string, last: string | undefined): string => `${first}-${last ?? first}`;
const type = (first: string, code: string | undefined): string =>
  code === undefined ? number(first) : `${number(first)}/${number(code)}`;

/** The set is looked up with sender and receiver as they are in this packet. */
const setFlags = (flags: string, reversed: boolean): string =>
  reversed ? flags.replaceAll(/src|dst/g, (end) => (end === "src" ? "dst" : "src")) : flags;

function addressWords(asked: Asked, reversed: boolean): Words {
  const [src, dst] = reversed ? ["dst", "src"] : ["src", "dst"];
  const long = { src: "--source", dst: "--destination" } as Attributes;
  const range = ["-m", "iprange"];
  return [
    ...asked.two(["srcipaddr", "srcipmask"], long[src] ?? "", { join: masked }),
    ...asked.two(["dstipaddr", "dstipmask"], long[dst] ?? "", { join: masked }),
    ...asked.two(["srcipfrom", "srcipto"], `--${src}-range`, { before: range, join: between }),
    ...asked.two(["dstipfrom", "dstipto"], `--${dst}-range`, { before: range, join: between }),
  ];
}

function portWords(asked: Asked, reversed: boolean): Words {
  const [src, dst] = reversed ? ["--dport", "--sport"] : ["--sport", "--dport"];
  return [
    ...asked.two(["srcportstart", "srcportend"], src, { join: ports }),
    ...asked.two(["dstportstart", "dstportend"], dst, { join: ports }),
  ];
}

function tcpWords(asked: Asked): Words {
  // mask and wanted flags are two words of one option
  const [not, wanted] = [asked.one("flags", "--tcp-flags"), asked.one("option", "--tcp-option")];
  return [...not.flatMap((word) => (word.includes("/") ? word.split("/") : [word])), ...wanted];
}

function stateWords({ states, side }: Connection): Words {
  if (states.length === 0) return [];
  const direction = side === "original" ? "Original" : "Reply";
  return [
    "-m",
    "conntrack",
    "--ctstate",
    states.join(","),
    ...(side === undefined ? [] : ["-m", "conntrack", "--ctdir", direction]),
  ];
}

function setWords({ match }: ExpandedRule, reversed: boolean): Words {
  const { ipset, ipsetflags = "src" } = match;
  if (ipset === undefined) return [];
  const not = match["match"] === false ? ["!"] : [];
  const flags = setFlags(String(ipsetflags), reversed);
  return ["-m", "set", ...not, "--match-set", String(ipset), flags];
}

/** What makes a packet one that the rule is about, one way. */
function matchWords(rule: ExpandedRule, reversed: boolean): Words {
  const { protocol = "all", match } = rule;
  const asked = askedOf(match);
  const six = isSix(protocol);
  const icmp = six ? "--icmpv6-type" : "--icmp-type";
  const mac = ["-m", "mac"];
  return [
    "-p",
    protocol.replace(/-ipv6$/, ""),
    // the answers come from whoever routes for the other side
    ...(reversed ? [] : asked.one("srcmacaddr", "--mac-source", { before: mac })),
    ...addressWords(asked, reversed),
    ...asked.one("dscp", "--dscp", { before: ["-m", "dscp"], text: number }),
    ...asked.one("connlimit-above", "--connlimit-above", {
      before: ["-m", "connlimit"],
      text: number,
    }),
    ...tcpWords(asked),
    ...portWords(asked, reversed),
    ...(match["type"] === undefined ? [] : asked.two(["type", "code"], icmp, { join: type })),
  ];
}

const VERDICTS = {
  drop: "DROP",
  reject: "REJECT",
  return: "RETURN",
  continue: "RETURN",
} as const;

function lineOf(
  rule: ExpandedRule,
  dev: string,
  { prefix, way, accept }: { prefix: string; way: Way; accept: string },
): readonly PacketLine[] {
  const connection = connectionOf(rule, way);
  if (connection === undefined) return [];
  const reversed = isReversed(rule, way);
  const { comment } = rule.match;
  const said = typeof comment === "string" ? ["-m", "comment", "--comment", comment] : [];
  const verdict = rule.action === "accept" ? accept : VERDICTS[rule.action];
  return [
    {
      chain: `${prefix}-${dev}`,
      words: [
        ...matchWords(rule, reversed),
        ...stateWords(connection),
        ...setWords(rule, reversed),
        ...said,
        "-j",
        verdict,
      ],
    },
  ];
}

/** The rules of one program, in their order. */
export const packetLines = (filter: InterfaceFilter, tool: PacketTool): readonly PacketLine[] =>
  packetRulesOf(filter)
    .filter(({ protocol = "" }) => isSix(protocol) === (tool === "ip6tables"))
    .flatMap((rule) => PACKET_CHAINS.flatMap((chain) => lineOf(rule, filter.dev, chain)));
