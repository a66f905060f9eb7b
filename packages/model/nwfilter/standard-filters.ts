/**
 * The filters that every host has from the start. Names, chains and effect are those that guests'
 * definitions rely on; an administrator may change or undefine each of them.
 */
import type { FilterMatch } from "./filter-protocol.ts";
import { CHAIN_PRIORITY, type NwFilter } from "./nwfilter.ts";

type Rule = NonNullable<NwFilter["rules"]>[number];
type Written = readonly [
  action: Rule["action"],
  direction: Rule["direction"],
  match?: Readonly<Record<string, FilterMatch>>,
  priority?: number,
];

const rule = ([action, direction, match = {}, priority = 500]: Written): Rule =>
  Object.assign({ action, direction, priority }, match);

interface Content {
  readonly refs?: readonly string[];
  readonly rules?: readonly Written[];
  /** Of its chain, when it is not the usual one of the protocol. */
  readonly priority?: number;
}

const filter = (name: string, chain: string, { refs, rules, priority }: Content) => {
  const own = chain === "root" ? undefined : (priority ?? CHAIN_PRIORITY[chain]);
  return {
    name,
    chain,
    ...(own === undefined ? {} : { priority: own }),
    ...(refs === undefined ? {} : { refs: refs.map((one) => ({ filter: one })) }),
    ...(rules === undefined ? {} : { rules: rules.map(rule) }),
  };
};

const BROADCAST = "ff:ff:ff:ff:ff:ff";
const LINK_LOCAL = { srcipaddr: "fe80::", srcipmask: "10" };
const EARLY = 100;
const LAST = 1000;
const ALL_BROKEN_OFF: Written = ["drop", "out", {}, LAST];
/** A guest that announces where it is after a migration. */
const announcement = {
  dstmacaddr: BROADCAST,
  opcode: "Request_Reverse",
  arpsrcmacaddr: "$MAC",
  arpdstmacaddr: "$MAC",
  arpsrcipaddr: "0.0.0.0",
  arpdstipaddr: "0.0.0.0",
};
const askDhcp: Written = [
  "accept",
  "out",
  {
    ip: {
      srcipaddr: "0.0.0.0",
      dstipaddr: "255.255.255.255",
      protocol: "udp",
      srcportstart: "68",
      dstportstart: "67",
    },
  },
  EARLY,
];
const askDhcp6: Written = [
  "accept",
  "out",
  {
    ipv6: {
      ...LINK_LOCAL,
      dstipaddr: "ff02::1:2",
      protocol: "udp",
      srcportstart: "546",
      dstportstart: "547",
    },
  },
  EARLY,
];
const answers = (of: object, ports: readonly [string, string]) => ({
  ...of,
  protocol: "udp",
  srcportstart: ports[0],
  dstportstart: ports[1],
});
const V4 = ["67", "68"] as const;
const V6 = ["547", "546"] as const;
const SERVER = { srcipaddr: "$DHCPSERVER" };
const arpAllowed: Written = ["accept", "inout", { mac: { protocolid: "arp" } }, -500];

/** Without UUIDs, which each host makes for itself. */
export const STANDARD_FILTERS: readonly Omit<NwFilter, "uuid">[] = [
  filter("no-mac-spoofing", "mac", {
    rules: [
      ["return", "out", { mac: { srcmacaddr: "$MAC" } }],
      ["drop", "out", { mac: {} }],
    ],
  }),
  filter("no-ip-spoofing", "ipv4-ip", {
    priority: -710,
    rules: [
      // before it has an address a guest may ask for one
      ["return", "out", { ip: { srcipaddr: "0.0.0.0", protocol: "udp" } }, EARLY],
      ["return", "out", { ip: { srcipaddr: "$IP" } }],
      ALL_BROKEN_OFF,
    ],
  }),
  filter("no-ipv6-spoofing", "ipv6-ip", {
    priority: -610,
    rules: [
      ["return", "out", { ipv6: { ...LINK_LOCAL, protocol: "udp" } }, EARLY],
      ["return", "out", { ipv6: { srcipaddr: "$IPV6" } }],
      ALL_BROKEN_OFF,
    ],
  }),
  filter("no-arp-mac-spoofing", "arp-mac", {
    priority: -520,
    rules: [["return", "out", { arp: { arpsrcmacaddr: "$MAC" } }, 350], ALL_BROKEN_OFF],
  }),
  filter("no-arp-ip-spoofing", "arp-ip", {
    priority: -510,
    rules: [["return", "out", { arp: { arpsrcipaddr: "$IP" } }, 400], ALL_BROKEN_OFF],
  }),
  filter("no-arp-spoofing", "root", { refs: ["no-arp-mac-spoofing", "no-arp-ip-spoofing"] }),
  filter("no-mac-broadcast", "ipv4", {
    rules: [["drop", "out", { mac: { dstmacaddr: BROADCAST } }]],
  }),
  filter("no-ip-multicast", "ipv4", {
    rules: [["drop", "out", { ip: { dstipaddr: "224.0.0.0", dstipmask: "4" } }]],
  }),
  filter("no-ipv6-multicast", "ipv6", {
    rules: [["drop", "out", { ipv6: { dstipaddr: "ff00::", dstipmask: "8" } }]],
  }),
  filter("no-other-l2-traffic", "root", { rules: [["drop", "inout", {}, LAST]] }),
  filter("no-other-rarp-traffic", "rarp", { rules: [["drop", "inout", {}, LAST]] }),
  filter("allow-arp", "arp", { rules: [["accept", "inout"]] }),
  filter("allow-ipv4", "ipv4", { rules: [["accept", "inout"]] }),
  filter("allow-ipv6", "ipv6", { rules: [["accept", "inout"]] }),
  filter("allow-incoming-ipv4", "ipv4", { rules: [["accept", "in"]] }),
  filter("allow-incoming-ipv6", "ipv6", { rules: [["accept", "in"]] }),
  filter("allow-dhcp", "ipv4", {
    rules: [askDhcp, ["accept", "in", { ip: answers({}, V4) }, EARLY]],
  }),
  filter("allow-dhcp-server", "ipv4", {
    rules: [askDhcp, ["accept", "in", { ip: answers(SERVER, V4) }, EARLY]],
  }),
  filter("allow-dhcpv6", "ipv6", {
    rules: [askDhcp6, ["accept", "in", { ipv6: answers({}, V6) }, EARLY]],
  }),
  filter("allow-dhcpv6-server", "ipv6", {
    rules: [askDhcp6, ["accept", "in", { ipv6: answers(SERVER, V6) }, EARLY]],
  }),
  filter("qemu-announce-self-rarp", "rarp", {
    rules: [
      ["accept", "out", { rarp: { srcmacaddr: "$MAC", ...announcement } }],
      ["accept", "in", { rarp: announcement }],
    ],
  }),
  filter("qemu-announce-self", "root", {
    refs: ["qemu-announce-self-rarp", "no-other-rarp-traffic"],
    // some versions of QEMU announce themselves with this number
    rules: [["accept", "out", { mac: { protocolid: "0x835" } }]],
  }),
  filter("clean-traffic", "root", {
    refs: [
      "no-mac-spoofing",
      "no-ip-spoofing",
      "allow-incoming-ipv4",
      "no-arp-spoofing",
      "no-other-l2-traffic",
      "qemu-announce-self",
    ],
    rules: [["accept", "out", { mac: { protocolid: "ipv4" } }, -650], arpAllowed],
  }),
  filter("clean-traffic-gateway", "root", {
    refs: [
      "no-mac-spoofing",
      "no-ip-spoofing",
      "no-arp-spoofing",
      "no-other-l2-traffic",
      "qemu-announce-self",
    ],
    rules: [
      arpAllowed,
      ["accept", "in", { mac: { srcmacaddr: "$GATEWAY_MAC" } }],
      ["accept", "out", { mac: { dstmacaddr: "$GATEWAY_MAC" } }],
    ],
  }),
];
