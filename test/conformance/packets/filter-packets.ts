/** Packets that show what a filter lets through: for each rule one that fits, and what differs from it in one field. */
import { isIPv6 } from "node:net";
import type { ExpandedRule } from "../../../packages/model/nwfilter/expand-filter.ts";
import { type Ip, ipBytes, type Packet } from "./packet.ts";
import {
  ETHER,
  numberOf,
  OPCODES,
  PROTOCOLS,
  STP_GROUP,
  turned,
  turnedFrame,
  type Way,
} from "./verdict.ts";

export interface Probe {
  readonly way: Way;
  readonly packet: Packet;
}
type Attributes = Readonly<Record<string, string>>;

const MACS = {
  out: ["52:54:00:00:00:02", "52:54:00:00:00:04"],
  in: ["52:54:00:00:00:04", "52:54:00:00:00:02"],
} as const;
const ACK = 16;
const PORTS = { sport: 2000, dport: 3000 };
const FLAGS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
};
const ECHO = 8;
const ECHO6 = 128;
/** A type that nobody has. */
const OTHER_TYPE = "0x88b5";

function flagsOf({ flags }: Attributes): number {
  if (flags === undefined) return ACK;
  const [, wanted = ""] = flags.split("/");
  return wanted === "ALL"
    ? 0x3f
    : wanted.split(",").reduce((bits, name) => bits | (FLAGS[name] ?? 0), 0);
}

/** Number of the protocol inside that a rule is about; UDP when any will do. */
function protocolOf(protocol: string, asked: string | undefined): number {
  if (asked !== undefined) return numberOf(asked, PROTOCOLS);
  const inner = protocol === "icmpv6" ? protocol : protocol.replace(/-?ipv6$/, "");
  return PROTOCOLS[inner] ?? PROTOCOLS["udp"] ?? 0;
}

const FOUR = { src: "10.9.0.2", dst: "10.9.0.4", echo: ECHO };
const SIX = { src: "2001:db8::2", dst: "2001:db8::4", echo: ECHO6 };
const orElse = (text: string | undefined, other: number): number => Number(text ?? other);

function ipOf(protocol: string, rule: Attributes): Ip {
  const usual = protocol.endsWith("ipv6") || protocol === "icmpv6" ? SIX : FOUR;
  return {
    src: rule["srcipaddr"] ?? rule["srcipfrom"] ?? usual.src,
    dst: rule["dstipaddr"] ?? rule["dstipfrom"] ?? usual.dst,
    protocol: protocolOf(protocol, rule["protocol"]),
    dscp: orElse(rule["dscp"], 0),
    sport: orElse(rule["srcportstart"], PORTS.sport),
    dport: orElse(rule["dstportstart"], PORTS.dport),
    tcpFlags: flagsOf(rule),
    type: orElse(rule["type"], usual.echo),
    code: orElse(rule["code"], 0),
  };
}

function arpOf(rule: Attributes): NonNullable<Packet["arp"]> {
  const senderIp = rule["arpsrcipaddr"] ?? "10.9.0.2";
  const other = rule["gratuitous"] === "true" ? senderIp : "10.9.0.4";
  return {
    hwtype: Number(rule["hwtype"] ?? 1),
    protocol: Number(rule["protocoltype"] ?? 0x800),
    opcode: numberOf(rule["opcode"] ?? "1", OPCODES),
    senderMac: rule["arpsrcmacaddr"] ?? "52:54:00:00:00:02",
    targetMac: rule["arpdstmacaddr"] ?? "52:54:00:00:00:04",
    senderIp,
    targetIp: rule["arpdstipaddr"] ?? other,
  };
}

const STP_NAMES = [
  "type",
  "flags",
  "root-priority",
  "root-cost",
  "sender-priority",
  "port",
  "age",
  "max-age",
  "hello-time",
  "forward-delay",
];
/** What makes a message one with all the other fields. */
const IS_CONFIG = new Set(["type", "flags"]);
const STP_MACS = ["root-address", "sender-address"];

function plainFrame(rule: Attributes): Omit<Packet, "src" | "dst"> {
  const type = numberOf(rule["protocolid"] ?? OTHER_TYPE, ETHER);
  const inner = Object.keys(ETHER).find((name) => ETHER[name] === type);
  if (inner === "ipv4" || inner === "ipv6")
    return { type, ip: ipOf(inner === "ipv6" ? "udp-ipv6" : "udp", {}) };
  return { type, ...(inner === "arp" && { arp: arpOf({}) }) };
}

const taggedFrame = (rule: Attributes): Pick<Packet, "vlan" | "type"> => ({
  vlan: orElse(rule["vlanid"], 7),
  type: numberOf(rule["encap-protocol"] ?? OTHER_TYPE, ETHER),
});

const stpOf = (rule: Attributes): NonNullable<Packet["stp"]> => ({
  ...Object.fromEntries(
    STP_NAMES.map((name) => [name, Number(rule[name] ?? (IS_CONFIG.has(name) ? 0 : 1))]),
  ),
  ...Object.fromEntries(STP_MACS.map((name) => [name, rule[name] ?? "00:00:00:00:00:00"])),
});

/** A packet that fits the rule, in the rule's own sense. */
function fitting(
  { protocol = "mac", match }: ExpandedRule,
  [src, dst]: readonly [string, string],
): Packet {
  const rule = match as Attributes; // only `match='no'` is no text, and no case has it
  const ends = { src: rule["srcmacaddr"] ?? src, dst: rule["dstmacaddr"] ?? dst };
  switch (protocol) {
    case "mac":
      return { ...ends, ...plainFrame(rule) };
    case "vlan":
      return { ...ends, ...taggedFrame(rule) };
    case "stp":
      return { ...ends, dst: STP_GROUP, type: 0, stp: stpOf(rule) };
    case "arp":
    case "rarp":
      return { ...ends, type: numberOf(protocol, ETHER), arp: arpOf(rule) };
    default: {
      const ip = ipOf(protocol, rule);
      return { ...ends, type: ETHER[isIPv6(ip.src) ? "ipv6" : "ipv4"] ?? 0, ip };
    }
  }
}

const flippedMac = (mac: string): string => {
  const last = Number.parseInt(mac.slice(-2), 16) ^ 1;
  return `${mac.slice(0, -2)}${last.toString(16).padStart(2, "0")}`;
};

/** The address with one bit changed, counted from the end. */
function flippedIp(ip: string, bit: number): string {
  const bytes = Buffer.from(ipBytes(ip));
  const at = bytes.length - 1 - Math.floor(bit / 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, word) => bytes.readUInt16BE(word * 2).toString(16)).join(
    ":",
  );
}
const BITS = {
  4: [0, 7, 8, 9, 10, 14, 15, 16],
  6: [0, 1, 14, 15, 62, 63, 64, 100, 105, 106],
} as const;
/** First bytes of addresses that are nobody's alone. */
const isOrdinary = (ip: string): boolean => {
  const first = ipBytes(ip)[0] ?? 0;
  return isIPv6(ip) ? first !== 0xff : first !== 0 && first !== 127 && first < 224;
};
const otherIps = (ip: string): readonly string[] =>
  BITS[isIPv6(ip) ? 6 : 4].map((bit) => flippedIp(ip, bit)).filter(isOrdinary);

/** Numbers beside those that the rule names, and those themselves. */
function around(names: readonly string[], rule: Attributes, limit: number): readonly number[] {
  const named = names.flatMap((name) => (rule[name] === undefined ? [] : [Number(rule[name])]));
  const near = named.flatMap((one) => [one - 1, one, one + 1]);
  return [...new Set(near)].filter((one) => one >= 0 && one <= limit);
}

function otherIpPackets(ip: Ip, rule: Attributes): readonly Ip[] {
  const hasFlags = ip.protocol === PROTOCOLS["tcp"] && rule["flags"] !== undefined;
  return [
    ...otherIps(ip.src).map((src) => ({ ...ip, src })),
    ...otherIps(ip.dst).map((dst) => ({ ...ip, dst })),
    { ...ip, dscp: ip.dscp ^ 1 },
    { ...ip, dscp: ip.dscp ^ 32 },
    { ...ip, protocol: 253 },
    ...(ip.protocol === PROTOCOLS["udp"] ? [] : [{ ...ip, protocol: PROTOCOLS["udp"] ?? 0 }]),
    ...around(["srcportstart", "srcportend"], rule, 65_535).map((sport) => ({ ...ip, sport })),
    ...around(["dstportstart", "dstportend"], rule, 65_535).map((dport) => ({ ...ip, dport })),
    ...around(["type", "typeend"], rule, 255).map((type) => ({ ...ip, type })),
    ...around(["code", "codeend"], rule, 255).map((code) => ({ ...ip, code })),
    ...(hasFlags ? [0, 2, 18, 16, 4, 8, 0x3f].map((tcpFlags) => ({ ...ip, tcpFlags })) : []),
  ];
}

function otherArps(arp: NonNullable<Packet["arp"]>): readonly NonNullable<Packet["arp"]>[] {
  return [
    { ...arp, hwtype: arp.hwtype ^ 1 },
    { ...arp, protocol: arp.protocol ^ 1 },
    { ...arp, opcode: arp.opcode ^ 1 },
    { ...arp, senderMac: flippedMac(arp.senderMac) },
    { ...arp, targetMac: flippedMac(arp.targetMac) },
    ...otherIps(arp.senderIp).map((senderIp) => ({ ...arp, senderIp })),
    ...otherIps(arp.targetIp).map((targetIp) => ({ ...arp, targetIp })),
  ];
}

function otherStps(
  stp: NonNullable<Packet["stp"]>,
  rule: Attributes,
): readonly NonNullable<Packet["stp"]>[] {
  return [
    ...STP_NAMES.flatMap((name) =>
      around(
        [name, `${name}-hi`],
        rule,
        name === "root-cost" ? 0xffff_ffff : name === "type" || name === "flags" ? 255 : 65_535,
      ).map((value) => ({ ...stp, [name]: value })),
    ),
    ...STP_MACS.map((name) => ({ ...stp, [name]: flippedMac(String(stp[name])) })),
  ];
}

/** What differs in one field. */
function others(packet: Packet, rule: Attributes): readonly Packet[] {
  const { src, dst, vlan, ip, arp, stp } = packet;
  return [
    { ...packet, src: flippedMac(src) },
    ...(dst === STP_GROUP ? [] : [{ ...packet, dst: flippedMac(dst) }]),
    ...(vlan === undefined
      ? []
      : [
          { ...packet, vlan: vlan ^ 1 },
          { ...packet, type: packet.type ^ 2 },
        ]),
    ...(ip === undefined ? [] : otherIpPackets(ip, rule).map((one) => ({ ...packet, ip: one }))),
    ...(arp === undefined ? [] : otherArps(arp).map((one) => ({ ...packet, arp: one }))),
    ...(stp === undefined ? [] : otherStps(stp, rule).map((one) => ({ ...packet, stp: one }))),
  ];
}

/** The answer to a packet; nobody answers as a group. */
function answer(packet: Packet): readonly Packet[] {
  if (packet.dst === STP_GROUP) return [];
  const back = turnedFrame(packet);
  const { ip } = back;
  if (ip === undefined) return [back];
  const echo =
    ip.protocol === 1 && ip.type === ECHO
      ? 0
      : ip.protocol === 58 && ip.type === ECHO6
        ? 129
        : ip.type;
  return [{ ...back, ip: { ...ip, type: echo } }];
}

/** A packet of its own connection from the other side, as nobody asked for it. */
const unasked = (packet: Packet): readonly Packet[] => {
  if (packet.ip === undefined || packet.dst === STP_GROUP) return [];
  const back = turnedFrame(packet);
  return [
    {
      ...back,
      ip: turned({ ...packet.ip, sport: packet.ip.sport ^ 0x400, dport: packet.ip.dport }),
    },
  ];
};

const otherWay = (way: Way): Way => (way === "out" ? "in" : "out");

function probesOf(rule: ExpandedRule, way: Way): readonly Probe[] {
  const own = fitting(rule, MACS[rule.direction === "inout" ? "in" : way]);
  const isTurned = rule.direction === "inout" && way === "out";
  const packet = isTurned ? turnedFrame(own) : own;
  const around = others(own, rule.match as Attributes).map((one) =>
    isTurned ? turnedFrame(one) : one,
  );
  const back = otherWay(way);
  return [
    ...unasked(packet).map((one) => ({ way: back, packet: one })),
    { way, packet },
    ...answer(packet).map((one) => ({ way: back, packet: one })),
    ...around.flatMap((one) => [
      { way, packet: one },
      ...answer(one).map((other) => ({ way: back, packet: other })),
    ]),
  ];
}

/** In the order in which they are to be sent. */
export const packetsOf = (rules: readonly ExpandedRule[]): readonly Probe[] =>
  rules.flatMap((rule) =>
    rule.direction === "inout"
      ? [...probesOf(rule, "in"), ...probesOf(rule, "out")]
      : probesOf(rule, rule.direction),
  );
