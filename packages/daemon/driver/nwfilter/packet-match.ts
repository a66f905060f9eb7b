/**
 * What a filter's rule asks of a packet, in nftables' words for the bridge family. A rule that is
 * turned round looks at the answers: sender and receiver change places.
 */
import { virError } from "@vireo/model/error";
import type { FilterMatch } from "@vireo/model/nwfilter/filter-protocol";
import { line } from "./line.ts";
import { arpOpcode, etherType, ipProtocol, number } from "./protocol-number.ts";

export interface MatchContext {
  /** Sender and receiver change places. */
  readonly reversed: boolean;
  /** Name of the set of addresses that were learned, by variable. */
  readonly learned: ReadonlyMap<string, string>;
}

/** One test: what is looked at, and what it must be. */
interface Test {
  readonly left: string;
  readonly right: string;
}
type Attributes = Readonly<Record<string, string>>;

const wordOfMac = (text: string): string => `0x${text.replaceAll(":", "")}`;
const wordOfIp = (text: string): string =>
  `0x${text
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("")}`;

const range = (from: string, to: string | undefined): string =>
  to === undefined || Number(to) === Number(from) ? number(from) : `${number(from)}-${number(to)}`;

const given = (value: string | undefined, test: (value: string) => Test): readonly Test[] =>
  value === undefined ? [] : [test(value)];

/** `srcmacaddr` with `srcmacmask`. */
function macTest(left: string, { address, mask }: { address?: string; mask?: string }) {
  return given(address, (value) =>
    mask === undefined || mask === "ff:ff:ff:ff:ff:ff"
      ? { left, right: value }
      : { left: `${left} & ${mask}`, right: maskedMac(value, mask) },
  );
}

function maskedMac(address: string, mask: string): string {
  const masks = mask.split(":").map((part) => Number.parseInt(part, 16));
  return address
    .split(":")
    .map((part, at) => (Number.parseInt(part, 16) & (masks[at] ?? 0)).toString(16).padStart(2, "0"))
    .join(":");
}

interface Ends {
  readonly src: "saddr" | "daddr";
  readonly dst: "saddr" | "daddr";
  readonly sport: "sport" | "dport";
  readonly dport: "sport" | "dport";
}
const endsOf = (reversed: boolean): Ends =>
  reversed
    ? { src: "daddr", dst: "saddr", sport: "dport", dport: "sport" }
    : { src: "saddr", dst: "daddr", sport: "sport", dport: "dport" };

const pick = (attributes: Attributes, address: string, mask: string) => ({
  ...(attributes[address] === undefined ? {} : { address: attributes[address] }),
  ...(attributes[mask] === undefined ? {} : { mask: attributes[mask] }),
});

const macTests = (attributes: Attributes, { src, dst }: Ends): readonly Test[] => [
  ...macTest(`ether ${src}`, pick(attributes, "srcmacaddr", "srcmacmask")),
  ...macTest(`ether ${dst}`, pick(attributes, "dstmacaddr", "dstmacmask")),
];

/** An address with its prefix, or the set of those that were learned. */
function addressTest(
  left: string,
  { address, mask }: { address?: string; mask?: string },
  { learned }: MatchContext,
): readonly Test[] {
  return given(address, (value) => {
    const set = value.startsWith("$") ? learned.get(value.slice(1)) : undefined;
    if (set !== undefined) return { left, right: `@${set}` };
    return { left, right: mask === undefined ? value : `${value}/${mask}` };
  });
}

function ipTests(
  family: "ip" | "ip6",
  attributes: Attributes,
  context: MatchContext,
): readonly Test[] {
  const { src, dst, sport, dport } = endsOf(context.reversed);
  const { srcipfrom, srcipto, dstipfrom, dstipto, dscp } = attributes;
  const { srcportstart, srcportend, dstportstart, dstportend } = attributes;
  const between = (first: string, last: string | undefined): string => `${first}-${last ?? first}`;
  return [
    ...addressTest(`${family} ${src}`, pick(attributes, "srcipaddr", "srcipmask"), context),
    ...addressTest(`${family} ${dst}`, pick(attributes, "dstipaddr", "dstipmask"), context),
    ...given(srcipfrom, (first) => ({ left: `${family} ${src}`, right: between(first, srcipto) })),
    ...given(dstipfrom, (first) => ({ left: `${family} ${dst}`, right: between(first, dstipto) })),
    ...given(dscp, (value) => ({ left: `${family} dscp`, right: number(value) })),
    ...given(srcportstart, (first) => ({ left: `th ${sport}`, right: range(first, srcportend) })),
    ...given(dstportstart, (first) => ({ left: `th ${dport}`, right: range(first, dstportend) })),
  ];
}

/**
 * What an ARP message must be for its addresses to be where we look: of IPv4, of Ethernet. One that says it is of
 * another kind has none, whatever is in those places, unless the rule asks for that kind.
 */
function arpKind(attributes: Attributes): readonly string[] {
  const { arpsrcipaddr, arpdstipaddr, arpsrcmacaddr, arpdstmacaddr } = attributes;
  const { hwtype, protocoltype } = attributes;
  const asksIp = arpsrcipaddr !== undefined || arpdstipaddr !== undefined;
  const asksMac = arpsrcmacaddr !== undefined || arpdstmacaddr !== undefined;
  return [
    ...(asksMac && hwtype === undefined ? ["@nh,0,16 == 1"] : []),
    ...(asksIp && protocoltype === undefined ? ["@nh,16,16 == 0x800"] : []),
    // its last byte is looked at, so that a message without one does not fit
    ...(asksIp ? ["@nh,32,16 == 0x604 @nh,216,8 >= 0"] : []),
    ...(asksMac && !asksIp ? ["@nh,32,8 == 6"] : []),
  ];
}

/** Offsets and widths, in bits, of ARP's fields behind the Ethernet header. */
function arpTests(attributes: Attributes, context: MatchContext): readonly Test[] {
  const { hwtype, protocoltype, opcode, arpsrcmacaddr, arpdstmacaddr } = attributes;
  const { arpsrcipaddr, arpdstipaddr, arpsrcipmask, arpdstipmask, gratuitous } = attributes;
  if (gratuitous === "true")
    throw virError(
      "configUnsupported",
      "nftables cannot compare the two addresses of an ARP packet: 'gratuitous' is not supported",
    );
  const [sender, target] = context.reversed ? [192, 112] : [112, 192];
  const [senderMac, targetMac] = context.reversed ? [144, 64] : [64, 144];
  const ip = (value: string, mask: string | undefined, at: number): Test => {
    const set = value.startsWith("$") ? context.learned.get(value.slice(1)) : undefined;
    if (set !== undefined)
      return { left: `arp ${at === 112 ? "saddr" : "daddr"} ip`, right: `@${set}` };
    const bits = Number(mask ?? 32);
    const word = (BigInt(wordOfIp(value)) >> BigInt(32 - bits)).toString(16);
    return { left: `@nh,${at},${bits}`, right: `0x${word}` };
  };
  return [
    ...given(hwtype, (value) => ({ left: "@nh,0,16", right: number(value) })),
    ...given(protocoltype, (value) => ({ left: "@nh,16,16", right: number(value) })),
    ...given(opcode, (value) => ({ left: "@nh,48,16", right: arpOpcode(value) })),
    ...given(arpsrcmacaddr, (value) => ({ left: `@nh,${senderMac},48`, right: wordOfMac(value) })),
    ...given(arpdstmacaddr, (value) => ({ left: `@nh,${targetMac},48`, right: wordOfMac(value) })),
    ...(arpsrcipaddr === undefined || arpsrcipmask === "0"
      ? []
      : [ip(arpsrcipaddr, arpsrcipmask, sender)]),
    ...(arpdstipaddr === undefined || arpdstipmask === "0"
      ? []
      : [ip(arpdstipaddr, arpdstipmask, target)]),
  ];
}

/** Offset and width, in bits, of a spanning-tree message's fields behind the Ethernet header. */
const STP_NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  type: [48, 8],
  flags: [56, 8],
  "root-priority": [64, 16],
  "root-cost": [128, 32],
  "sender-priority": [160, 16],
  port: [224, 16],
  age: [240, 16],
  "max-age": [256, 16],
  "hello-time": [272, 16],
  "forward-delay": [288, 16],
};
const STP_ADDRESSES: Readonly<Record<string, number>> = {
  "root-address": 80,
  "sender-address": 176,
};

function stpTests(attributes: Attributes): readonly Test[] {
  const numbers = Object.entries(STP_NUMBERS).flatMap(([name, [at, width]]) =>
    given(attributes[name], (value) => ({
      left: `@nh,${at},${width}`,
      right: range(value, attributes[`${name}-hi`]),
    })),
  );
  const addresses = Object.entries(STP_ADDRESSES).flatMap(([name, at]) => {
    const mask = attributes[`${name}-mask`] ?? "ff:ff:ff:ff:ff:ff";
    return given(attributes[name], (value) => ({
      left: `@nh,${at},48 & ${wordOfMac(mask)}`,
      right: wordOfMac(maskedMac(value, mask)),
    }));
  });
  return [...numbers, ...addresses];
}

const FLAGS = "(fin | syn | rst | psh | ack | urg)";
const flagSet = (text: string): string =>
  text === "ALL"
    ? FLAGS
    : text === "NONE"
      ? "0x0"
      : `(${text.toLowerCase().split(",").join(" | ")})`;

function tcpTests({ flags, option }: Attributes): readonly Test[] {
  const [mask = "", wanted = ""] = flags?.split("/") ?? [];
  return [
    ...given(flags, () => ({ left: `tcp flags & ${flagSet(mask)}`, right: flagSet(wanted) })),
    ...given(option, (value) => ({ left: `tcp option ${number(value)}`, right: "exists" })),
  ];
}

function icmpTests(
  name: "icmp" | "icmpv6",
  { type, typeend, code, codeend }: Attributes,
): readonly Test[] {
  return [
    ...given(type, (value) => ({ left: `${name} type`, right: range(value, typeend) })),
    ...given(code, (value) => ({ left: `${name} code`, right: range(value, codeend) })),
  ];
}

/** Protocols that are filtered with knowledge of connections. */
export const isTracked = (protocol: string | undefined): boolean =>
  protocol !== undefined &&
  (protocol.endsWith("-ipv6") ||
    ["tcp", "udp", "udplite", "esp", "ah", "sctp", "icmp", "igmp", "all", "icmpv6"].includes(
      protocol,
    ));

function trackedTests(
  protocol: string,
  attributes: Attributes,
  context: MatchContext,
): readonly Test[] {
  const six = protocol.endsWith("ipv6") || protocol === "icmpv6";
  const inner = protocol.replace(/-ipv6$/, "");
  if (attributes["ipset"] !== undefined)
    throw virError(
      "configUnsupported",
      "nftables cannot look into IP sets: 'ipset' is not supported",
    );
  return [
    ...(inner === "all" ? [] : [{ left: "meta l4proto", right: ipProtocol(inner) }]),
    // the answers come from whoever routes for the other side
    ...(context.reversed ? [] : macTests(attributes, endsOf(false))),
    ...ipTests(six ? "ip6" : "ip", attributes, context),
    ...(inner === "tcp" ? tcpTests(attributes) : []),
    ...(inner === "icmp" ? icmpTests("icmp", attributes) : []),
    ...(inner === "icmpv6" ? icmpTests("icmpv6", attributes) : []),
  ];
}

/** What makes a packet one of the protocol. */
function baseOf(protocol: string): string {
  if (protocol === "mac") return "";
  if (protocol === "stp") return "ether daddr 01:80:c2:00:00:00";
  if (protocol === "ip") return `ether type ${etherType("ipv4")}`;
  if (isTracked(protocol))
    return `ether type ${etherType(protocol.endsWith("v6") ? "ipv6" : "ipv4")}`;
  return `ether type ${etherType(protocol)}`;
}

function testsOf(protocol: string, attributes: Attributes, context: MatchContext) {
  const ends = endsOf(context.reversed);
  switch (protocol) {
    case "mac":
      return [
        ...macTests(attributes, ends),
        ...given(attributes["protocolid"], (id) => ({ left: "ether type", right: etherType(id) })),
      ];
    case "vlan":
      return [
        ...macTests(attributes, ends),
        ...given(attributes["vlanid"], (id) => ({ left: "vlan id", right: number(id) })),
        ...given(attributes["encap-protocol"], (id) => ({
          left: "vlan type",
          right: etherType(id),
        })),
      ];
    case "stp":
      return [...macTests(attributes, ends), ...stpTests(attributes)];
    case "arp":
    case "rarp":
      return [...macTests(attributes, ends), ...arpTests(attributes, context)];
    case "ip":
    case "ipv6":
      return [
        ...macTests(attributes, ends),
        ...given(attributes["protocol"], (one) => ({
          left: "meta l4proto",
          right: ipProtocol(one),
        })),
        ...ipTests(protocol === "ip" ? "ip" : "ip6", attributes, context),
        ...(protocol === "ipv6" ? icmpTests("icmpv6", attributes) : []),
      ];
    default:
      return trackedTests(protocol, attributes, context);
  }
}

const textOf = ({ left, right }: Test, negated: boolean): string =>
  right === "exists"
    ? `${left} ${negated ? "missing" : "exists"}`
    : `${left} ${negated ? "!= " : right.startsWith("@") ? "" : "== "}${right}`;

/** Ports, types and flags are in the first part of a packet only. */
const INSIDE = ["srcportstart", "dstportstart", "type", "code", "flags", "option"] as const;

/**
 * How a packet must stand to its fragments for what is asked of its inside to be there; each way to be so makes a
 * rule of its own. What is in the same place of a later fragment is the sender's to choose.
 */
function fragmentWords(protocol: string, attributes: Attributes): readonly string[] {
  const asksInside = INSIDE.some((name) => attributes[name] !== undefined);
  const six = protocol.endsWith("v6");
  // of a later fragment ebtables does not know the protocol either
  const asks = asksInside || (protocol === "ipv6" && attributes["protocol"] !== undefined);
  if (!asks || (protocol !== "ip" && !six && !isTracked(protocol))) return [""];
  return six ? ["exthdr frag missing", "frag frag-off 0"] : ["ip frag-off & 0x1fff == 0"];
}

/**
 * The words that pick a rule's packets out of all; a packet fits when one of the texts does.
 * @throws VireoError `configUnsupported` for what nftables has no words for
 */
export function packetMatches(
  protocol: string | undefined,
  match: FilterMatch,
  context: MatchContext,
): readonly string[] {
  if (protocol === undefined) return [""];
  const { match: fits, ...rest } = match;
  const attributes = rest as Attributes; // only `match` is no text
  const negated = fits === false;
  const tests = testsOf(protocol, attributes, context);
  const kind = protocol === "arp" || protocol === "rarp" ? arpKind(attributes) : [];
  const texts = tests.map((test) => textOf(test, negated));
  return fragmentWords(protocol, attributes).map((fragments) =>
    line(baseOf(protocol), ...kind, fragments, ...texts),
  );
}
