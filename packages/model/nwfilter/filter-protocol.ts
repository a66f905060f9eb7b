/** What a filter's rule can look at, by protocol. */
import { type Element, type Member, type Options } from "../schema/declaration.ts";
import { element } from "../schema/element.ts";
import { attr, child } from "../schema/member.ts";
import { type Scalar, yesNo } from "../schema/scalar.ts";
import {
  filterComment,
  filterIp,
  filterIpMask,
  filterMac,
  filterNumber,
  filterSet,
  filterSetFlags,
  filterState,
  filterTcpFlags,
  filterTruth,
} from "./filter-scalar.ts";

type Attributes = Readonly<Record<string, Member<string, false>>>;
const is = (scalar: Scalar<string>, doc: string): Member<string, false> => {
  const options: Options<string> = { doc };
  return attr(scalar, options);
};

/** Numbers of what rules name in words. */
export const ETHER_TYPES = { arp: 0x0806, rarp: 0x8035, ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100 };
export const IP_PROTOCOLS = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  esp: 50,
  ah: 51,
  icmp: 1,
  igmp: 2,
  sctp: 132,
  icmpv6: 58,
};
export const ARP_OPCODES = {
  Request: 1,
  Reply: 2,
  Request_Reverse: 3,
  Reply_Reverse: 4,
  DRARP_Request: 5,
  DRARP_Reply: 6,
  DRARP_Error: 7,
  InARP_Request: 8,
  ARP_NAK: 9,
};
const byte = filterNumber({ to: 0xff });
const word = filterNumber({ to: 0xffff });
const long = filterNumber({ to: 0xffff_ffff });
const etherType = filterNumber({ from: 0x600, to: 0xffff, words: ETHER_TYPES });

const sourceMac: Attributes = {
  srcmacaddr: is(filterMac, "Sender's MAC address."),
  srcmacmask: is(filterMac, "Its mask."),
};
const macs: Attributes = {
  ...sourceMac,
  dstmacaddr: is(filterMac, "Receiver's MAC address."),
  dstmacmask: is(filterMac, "Its mask."),
};
const comment: Attributes = { comment: is(filterComment, "For people.") };

const addresses = (family: "ipv4" | "ipv6"): Attributes => ({
  srcipaddr: is(filterIp(family), "Sender's address."),
  srcipmask: is(filterIpMask(family), "Its mask."),
  dstipaddr: is(filterIp(family), "Receiver's address."),
  dstipmask: is(filterIpMask(family), "Its mask."),
});
const ranges = (family: "ipv4" | "ipv6"): Attributes => ({
  srcipfrom: is(filterIp(family), "First address of senders."),
  srcipto: is(filterIp(family), "Last address of senders."),
  dstipfrom: is(filterIp(family), "First address of receivers."),
  dstipto: is(filterIp(family), "Last address of receivers."),
});
const ports: Attributes = {
  srcportstart: is(word, "Sender's port, or the first of a range."),
  srcportend: is(word, "Last of the range."),
  dstportstart: is(word, "Receiver's port, or the first of a range."),
  dstportend: is(word, "Last of the range."),
};
const dscp: Attributes = { dscp: is(filterNumber({ to: 63 }), "Service class.") };
const types: Attributes = { type: is(byte, "Type."), code: is(byte, "Code.") };
const sets: Attributes = {
  ipset: is(filterSet, "IP set."),
  ipsetflags: is(filterSetFlags, "Addresses looked up in it."),
};

const arp: Attributes = {
  ...macs,
  hwtype: is(word, "Kind of hardware."),
  protocoltype: is(word, "Protocol."),
  opcode: is(filterNumber({ to: 0xffff, words: ARP_OPCODES }), "Operation."),
  arpsrcmacaddr: is(filterMac, "Sender's MAC address in the packet."),
  arpdstmacaddr: is(filterMac, "Target's MAC address in the packet."),
  arpsrcipaddr: is(filterIp("ipv4"), "Sender's address in the packet."),
  arpsrcipmask: is(filterIpMask("ipv4"), "Its mask."),
  arpdstipaddr: is(filterIp("ipv4"), "Target's address in the packet."),
  arpdstipmask: is(filterIpMask("ipv4"), "Its mask."),
  gratuitous: is(filterTruth, "Unasked-for answers."),
};

/** A pair of bounds: `age` and `age-hi`. */
const bounds = (scalar: Scalar<string>, ...names: readonly string[]): Attributes =>
  Object.fromEntries(
    names.flatMap((name) => [
      [name, is(scalar, "Value, or the lowest.")],
      [`${name}-hi`, is(scalar, "The highest.")],
    ]),
  );
const stp: Attributes = {
  ...sourceMac,
  type: is(byte, "Type."),
  flags: is(byte, "Flags."),
  ...bounds(word, "root-priority"),
  "root-address": is(filterMac, "Root's MAC address."),
  "root-address-mask": is(filterMac, "Its mask."),
  ...bounds(long, "root-cost"),
  ...bounds(word, "sender-priority"),
  "sender-address": is(filterMac, "Sender's MAC address."),
  "sender-address-mask": is(filterMac, "Its mask."),
  ...bounds(word, "port", "age", "max-age", "hello-time", "forward-delay"),
};

const bridged = (family: "ipv4" | "ipv6"): Attributes => ({
  ...macs,
  ...addresses(family),
  protocol: is(filterNumber({ to: 0xff, words: IP_PROTOCOLS }), "Protocol inside."),
  ...ports,
  ...dscp,
});
/** Filtered with knowledge of connections. */
const tracked = (family: "ipv4" | "ipv6", more: Attributes = {}): Attributes => ({
  ...sourceMac,
  dstmacaddr: is(filterMac, "Receiver's MAC address."),
  dstmacmask: is(filterMac, "Its mask."),
  ...addresses(family),
  ...ranges(family),
  ...dscp,
  "connlimit-above": is(word, "More connections than this."),
  state: is(filterState, "States of the connection."),
  ...more,
  ...sets,
});

const tcp: Attributes = {
  ...ports,
  option: is(byte, "TCP option that is there."),
  flags: is(filterTcpFlags, "TCP flags."),
};
const icmpv6: Attributes = {
  ...bridged("ipv6"),
  type: is(byte, "ICMPv6 type, or the first."),
  typeend: is(byte, "Last type."),
  code: is(byte, "ICMPv6 code, or the first."),
  codeend: is(byte, "Last code."),
};

/** Attributes by protocol. */
const PROTOCOLS: Readonly<Record<string, Attributes>> = {
  mac: { ...macs, protocolid: is(etherType, "Protocol inside.") },
  vlan: {
    ...macs,
    vlanid: is(filterNumber({ to: 4095 }), "VLAN."),
    "encap-protocol": is(etherType, "Protocol inside."),
  },
  stp,
  arp,
  rarp: arp,
  ip: bridged("ipv4"),
  ipv6: icmpv6,
  tcp: tracked("ipv4", tcp),
  udp: tracked("ipv4", ports),
  udplite: tracked("ipv4"),
  esp: tracked("ipv4"),
  ah: tracked("ipv4"),
  sctp: tracked("ipv4", ports),
  icmp: tracked("ipv4", types),
  igmp: tracked("ipv4"),
  all: tracked("ipv4"),
  "tcp-ipv6": tracked("ipv6", tcp),
  "udp-ipv6": tracked("ipv6", ports),
  "udplite-ipv6": tracked("ipv6"),
  "esp-ipv6": tracked("ipv6"),
  "ah-ipv6": tracked("ipv6"),
  "sctp-ipv6": tracked("ipv6", ports),
  icmpv6: tracked("ipv6", types),
  "all-ipv6": tracked("ipv6"),
};

/** How a refused value is spoken of. */
export const ILLEGAL = "has illegal value";

/** What a packet must look like: attributes by name. */
export type FilterMatch = Readonly<Record<string, string | boolean>>;

/** In libvirt's words. */
const illegal = ([name, member]: readonly [string, Member<string, false>]) =>
  [name, { ...member, options: { ...member.options, invalid: `${name} ${ILLEGAL} %s` } }] as const;

const matchOf = (protocol: string, attributes: Attributes): Element<FilterMatch> => {
  const declared: Element<object> = element(
    protocol,
    "Packets that fit.",
    {
      match: attr(yesNo, { doc: "Whether they must fit, or must not.", omit: true }),
      ...Object.fromEntries(Object.entries(attributes).map(illegal)),
      ...comment,
    },
    { empty: true },
  );
  // all its members are attributes whose values are text, but for `match`
  return declared as Element<FilterMatch>;
};

/** One member for each protocol. */
export const filterProtocols: Readonly<Record<string, Member<FilterMatch, false>>> =
  Object.fromEntries(
    Object.entries(PROTOCOLS).map(([protocol, attributes]) => [
      protocol,
      child(matchOf(protocol, attributes), { doc: "Packets that fit." }),
    ]),
  );
