/**
 * What a filter says of a packet, from the filter's meaning: written apart from what makes rules of
 * it. Frames are judged first, chain by chain; then, for protocols above, packets with what is
 * known of their connection.
 */
import type {
  ExpandedChain,
  ExpandedRule,
} from "../../../packages/model/nwfilter/expand-filter.ts";
import { type Connections, type ConnectionState, HAS_PORTS } from "./connections.ts";
import { type Ip, ipBytes, type Packet } from "./packet.ts";

/** Seen from the guest. */
export type Way = "out" | "in";
type Verdict = "accept" | "drop" | "return" | "none";
type Attributes = Readonly<Record<string, string>>;

export const ETHER: Readonly<Record<string, number>> = {
  arp: 0x0806,
  rarp: 0x8035,
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
};
export const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
};
export const OPCODES: Readonly<Record<string, number>> = {
  Request: 1,
  Reply: 2,
  Request_Reverse: 3,
};
export const STP_GROUP = "01:80:c2:00:00:00";

export const numberOf = (text: string, words: Readonly<Record<string, number>> = {}): number =>
  words[text] ?? Number(text);

const macBits = (mac: string): bigint => BigInt(`0x${mac.replaceAll(":", "")}`);
function macFits(mac: string, wanted: string | undefined, mask: string | undefined): boolean {
  if (wanted === undefined) return true;
  const bits = mask === undefined ? macBits("ff:ff:ff:ff:ff:ff") : macBits(mask);
  return (macBits(mac) & bits) === (macBits(wanted) & bits);
}

const ipBits = (ip: string): bigint => BigInt(`0x${ipBytes(ip).toString("hex")}`);
function ipFits(ip: string, wanted: string | undefined, prefix: string | undefined): boolean {
  if (wanted === undefined) return true;
  const [have, asked] = [ipBytes(ip), ipBytes(wanted)];
  if (have.length !== asked.length) return false;
  const shift = BigInt(have.length * 8 - Number(prefix ?? have.length * 8));
  return ipBits(ip) >> shift === ipBits(wanted) >> shift;
}

function isBetween(value: number, first: string | undefined, last: string | undefined): boolean {
  if (first === undefined) return true;
  return value >= Number(first) && value <= Number(last ?? first);
}

const isEqual = (
  value: number,
  wanted: string | undefined,
  words: Readonly<Record<string, number>> = {},
): boolean => wanted === undefined || value === numberOf(wanted, words);

const macsFit = ({ src, dst }: Packet, rule: Attributes): boolean =>
  macFits(src, rule["srcmacaddr"], rule["srcmacmask"]) &&
  macFits(dst, rule["dstmacaddr"], rule["dstmacmask"]);

function arpFits({ arp }: Packet, rule: Attributes): boolean {
  if (arp === undefined) return false;
  return (
    isEqual(arp.hwtype, rule["hwtype"]) &&
    isEqual(arp.protocol, rule["protocoltype"]) &&
    isEqual(arp.opcode, rule["opcode"], OPCODES) &&
    macFits(arp.senderMac, rule["arpsrcmacaddr"], undefined) &&
    macFits(arp.targetMac, rule["arpdstmacaddr"], undefined) &&
    ipFits(arp.senderIp, rule["arpsrcipaddr"], rule["arpsrcipmask"]) &&
    ipFits(arp.targetIp, rule["arpdstipaddr"], rule["arpdstipmask"]) &&
    (rule["gratuitous"] !== "true" ||
      (arp.protocol === ETHER["ipv4"] && arp.senderIp === arp.targetIp))
  );
}

const STP_NUMBERS =
  "type flags root-priority root-cost sender-priority port age max-age hello-time forward-delay".split(
    " ",
  );
const STP_MACS = ["root-address", "sender-address"];
const stpFits = ({ stp = {} }: Packet, rule: Attributes): boolean =>
  STP_NUMBERS.every((name) => isBetween(Number(stp[name] ?? 0), rule[name], rule[`${name}-hi`])) &&
  STP_MACS.every((name) =>
    macFits(String(stp[name] ?? "00:00:00:00:00:00"), rule[name], rule[`${name}-mask`]),
  );

function ipFieldsFit(ip: Ip, rule: Attributes): boolean {
  const ports = rule["srcportstart"] ?? rule["dstportstart"];
  return (
    ipFits(ip.src, rule["srcipaddr"], rule["srcipmask"]) &&
    ipFits(ip.dst, rule["dstipaddr"], rule["dstipmask"]) &&
    isEqual(ip.protocol, rule["protocol"], PROTOCOLS) &&
    isEqual(ip.dscp, rule["dscp"]) &&
    (ports === undefined || HAS_PORTS.has(ip.protocol)) &&
    isBetween(ip.sport, rule["srcportstart"], rule["srcportend"]) &&
    isBetween(ip.dport, rule["dstportstart"], rule["dstportend"])
  );
}

const icmpFits = (ip: Ip, rule: Attributes): boolean =>
  isBetween(ip.type, rule["type"], rule["typeend"]) &&
  isBetween(ip.code, rule["code"], rule["codeend"]);

/** A packet as it looks from the other side. */
export const turned = (ip: Ip): Ip => ({
  ...ip,
  src: ip.dst,
  dst: ip.src,
  sport: ip.dport,
  dport: ip.sport,
});

export function turnedFrame(packet: Packet): Packet {
  const { arp, ip } = packet;
  return {
    ...packet,
    src: packet.dst,
    dst: packet.src,
    ...(ip && { ip: turned(ip) }),
    ...(arp && {
      arp: {
        ...arp,
        senderMac: arp.targetMac,
        senderIp: arp.targetIp,
        targetMac: arp.senderMac,
        targetIp: arp.senderIp,
      },
    }),
  };
}

/** What a frame says it carries, its tag first. */
const outerOf = ({ vlan, type }: Packet): number => (vlan === undefined ? type : 0x8100);

type Fits = (packet: Packet, rule: Attributes) => boolean;
const isArp =
  (name: string): Fits =>
  (packet, rule) =>
    outerOf(packet) === ETHER[name] && macsFit(packet, rule) && arpFits(packet, rule);
const isIp =
  (name: string): Fits =>
  (packet, rule) =>
    outerOf(packet) === ETHER[name] &&
    packet.ip !== undefined &&
    macsFit(packet, rule) &&
    ipFieldsFit(packet.ip, rule);

const FRAME_RULES: Readonly<Record<string, Fits>> = {
  // a message of spanning tree has a length where others have their type
  mac: (packet, rule) =>
    macsFit(packet, rule) &&
    (packet.stp === undefined || rule["protocolid"] === undefined) &&
    isEqual(outerOf(packet), rule["protocolid"], ETHER),
  vlan: (packet, rule) =>
    packet.vlan !== undefined &&
    macsFit(packet, rule) &&
    isEqual(packet.vlan, rule["vlanid"]) &&
    isEqual(packet.type, rule["encap-protocol"], ETHER),
  stp: (packet, rule) => packet.dst === STP_GROUP && macsFit(packet, rule) && stpFits(packet, rule),
  arp: isArp("arp"),
  rarp: isArp("rarp"),
  ip: isIp("ipv4"),
  ipv6: (packet, rule) =>
    isIp("ipv6")(packet, rule) && packet.ip !== undefined && icmpFits(packet.ip, rule),
};

const FRAMES_OF_CHAIN: Readonly<Record<string, (packet: Packet) => boolean>> = {
  mac: () => true,
  stp: ({ dst }) => dst === STP_GROUP,
  vlan: ({ vlan }) => vlan !== undefined,
  ipv4: ({ type, vlan }) => vlan === undefined && type === ETHER["ipv4"],
  ipv6: ({ type, vlan }) => vlan === undefined && type === ETHER["ipv6"],
  arp: ({ type, vlan }) => vlan === undefined && type === ETHER["arp"],
  rarp: ({ type, vlan }) => vlan === undefined && type === ETHER["rarp"],
};

/** Of protocols above, with what is known of connections. */
export const isPacketRule = ({ protocol }: Pick<ExpandedRule, "protocol">): boolean =>
  protocol !== undefined && FRAME_RULES[protocol] === undefined;

const verdictOfAction = ({ action }: ExpandedRule): Verdict =>
  action === "reject" ? "drop" : action === "continue" ? "none" : action;

const attributesOf = ({ match }: ExpandedRule): Attributes => match as Attributes;

function frameRuleVerdict(rule: ExpandedRule, packet: Packet, way: Way): Verdict {
  if (isPacketRule(rule)) return "none";
  if (rule.direction !== "inout" && rule.direction !== way) return "none";
  const seen = rule.direction === "inout" && way === "out" ? turnedFrame(packet) : packet;
  const fits = rule.protocol === undefined ? undefined : FRAME_RULES[rule.protocol];
  return fits?.(seen, attributesOf(rule)) === false ? "none" : verdictOfAction(rule);
}

const firstOf = (verdicts: Iterable<Verdict>): Verdict => {
  for (const one of verdicts) if (one !== "none") return one;
  return "none";
};

/** Whether the frame may go on. */
function framePasses(chains: readonly ExpandedChain[], packet: Packet, way: Way): boolean {
  const steps = chains.flatMap((chain): { priority: number; judge: () => Verdict }[] => {
    if (chain.name === "root")
      return chain.rules.map((rule) => ({
        priority: rule.priority,
        judge: () => frameRuleVerdict(rule, packet, way),
      }));
    const isFor = Object.entries(FRAMES_OF_CHAIN).find(([name]) => chain.name.startsWith(name));
    const judge = (): Verdict => {
      if (isFor?.[1](packet) !== true) return "none";
      const verdict = firstOf(chain.rules.map((rule) => frameRuleVerdict(rule, packet, way)));
      return verdict === "return" ? "none" : verdict;
    };
    return [{ priority: chain.priority, judge }];
  });
  const ordered = steps.toSorted((a, b) => a.priority - b.priority);
  return firstOf(ordered.map(({ judge }) => judge())) !== "drop";
}

const FLAGS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
};
const flagBits = (text: string): number =>
  text === "ALL" ? 0x3f : text.split(",").reduce((bits, name) => bits | (FLAGS[name] ?? 0), 0);

/** Flags of TCP and types of ICMP. */
const kindFits = (ip: Ip, protocol: string, match: Attributes): boolean =>
  tcpFits(ip, match) && (!protocol.startsWith("icmp") || icmpFits(ip, match));

function tcpFits(ip: Ip, { flags }: Attributes): boolean {
  const [mask = "", wanted = ""] = flags?.split("/") ?? [];
  return flags === undefined || (ip.tcpFlags & flagBits(mask)) === flagBits(wanted);
}

export interface Judging {
  readonly connections: Connections;
  /** Addresses by IP set. */
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>;
}

const inRange = (address: string, first: string | undefined, last: string | undefined): boolean =>
  first === undefined ||
  (ipBits(address) >= ipBits(first) && ipBits(address) <= ipBits(last ?? first));

/** What of the addresses and ports has to fit, as the rule sees them. */
function endsFit(seen: Ip, match: Attributes, { sets }: Judging): boolean {
  const { srcipfrom, srcipto, dstipfrom, dstipto, ipset, ipsetflags = "" } = match;
  const looked = ipsetflags.startsWith("src") ? seen.src : seen.dst;
  return (
    ipFieldsFit(seen, match) &&
    inRange(seen.src, srcipfrom, srcipto) &&
    inRange(seen.dst, dstipfrom, dstipto) &&
    (ipset === undefined || sets.get(ipset)?.has(looked) === true)
  );
}

/** Whether the packet is one of the rule's protocol. */
function protocolFits({ ip, type, vlan }: Packet, protocol: string): boolean {
  const six = protocol.endsWith("ipv6") || protocol === "icmpv6";
  if (ip === undefined || vlan !== undefined || type !== ETHER[six ? "ipv6" : "ipv4"]) return false;
  const inner = protocol.replace(/-ipv6$/, "");
  return inner === "all" || ip.protocol === PROTOCOLS[inner];
}

function asksOfMacOnly(match: Attributes): boolean {
  const names = Object.keys(match).filter((name) => name !== "comment" && name !== "state");
  return names.includes("srcmacaddr") && names.every((name) => name.includes("mac"));
}

function packetFits(rule: ExpandedRule, packet: Packet, way: Way, judging: Judging): boolean {
  const { protocol = "" } = rule;
  const { ip } = packet;
  if (ip === undefined || !protocolFits(packet, protocol)) return false;
  const match = attributesOf(rule);
  const isTurned = way === "out" ? rule.direction !== "out" : rule.direction === "out";
  // answers come from whoever routes for the other side: their MAC address is not looked at
  if (isTurned && asksOfMacOnly(match)) return false;
  return (
    (isTurned || macFits(packet.src, match["srcmacaddr"], undefined)) &&
    endsFit(isTurned ? turned(ip) : ip, match, judging) &&
    kindFits(ip, protocol, match)
  );
}

/** How a connection has to stand for a rule that lets packets and their answers through. */
function answersFit(
  { match: { type } }: ExpandedRule,
  ownWay: boolean,
  { state, original }: ConnectionState,
): boolean {
  const begun = state === "NEW" || state === "ESTABLISHED";
  if (type !== undefined) return ownWay && begun;
  return ownWay ? begun && original : state === "ESTABLISHED" && !original;
}

/** Whether the connection stands as the rule wants it. */
function stateFits(rule: ExpandedRule, ip: Ip, way: Way, { connections }: Judging): boolean {
  const { state: asked } = rule.match;
  const ownWay = rule.direction === "inout" || rule.direction === way;
  const now = connections.stateOf(ip);
  if (asked !== undefined)
    return ownWay && (asked === "NONE" || String(asked).split(",").includes(now.state));
  const isFollowed = rule.direction !== "inout" && !rule.stateless && rule.action === "accept";
  return !isFollowed || answersFit(rule, ownWay, now);
}

function packetPasses(
  chains: readonly ExpandedChain[],
  packet: Packet,
  { way, judging }: { way: Way; judging: Judging },
): boolean {
  const { ip } = packet;
  if (ip === undefined) return true;
  const rules = chains
    .flatMap((chain) => chain.rules)
    .filter(isPacketRule)
    .toSorted((a, b) => a.priority - b.priority);
  const found = rules.find(
    (rule) =>
      rule.action !== "continue" &&
      packetFits(rule, packet, way, judging) &&
      stateFits(rule, ip, way, judging),
  );
  return found === undefined || found.action === "accept" || found.action === "return";
}

/** Whether the packet goes through; the connection it begins is known from then on. */
export function passes(
  chains: readonly ExpandedChain[],
  packet: Packet,
  { way, judging }: { way: Way; judging: Judging },
): boolean {
  const goes = framePasses(chains, packet, way) && packetPasses(chains, packet, { way, judging });
  if (goes && packet.ip !== undefined) judging.connections.passed(packet.ip);
  return goes;
}
