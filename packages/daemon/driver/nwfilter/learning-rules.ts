/**
 * Rules of nftables that note the addresses of a guest, before anything is filtered:
 *
 *     any/IF, dhcp/IF   its addresses, by how they are learned
 *     lease/IF          seconds of leases that a DHCP server gave since the daemon last looked, by address
 *     release/IF        addresses that the guest gave back since then
 */
import type { Way } from "./connection.ts";
import type { InterfaceFilter, Learning } from "./interface-filter.ts";
import { line } from "./line.ts";

export const addressSet = (dev: string, { mode }: Pick<Learning, "mode">): string =>
  `${mode}/${dev}`;
export const leaseMap = (dev: string): string => `lease/${dev}`;
export const releaseSet = (dev: string): string => `release/${dev}`;
/** A guest may be given several addresses by DHCP one after the other. */
const SET_SIZE = { any: 1, dhcp: 16 } as const;

/** No later fragment: its bytes are not a header's. */
const WHOLE = "ip frag-off & 0x1fff == 0";
/** A message of IPv4 on Ethernet. */
const OWN_ARP = "arp htype 1 arp ptype 0x0800 arp hlen 6 arp plen 4";

/** Fields of DHCP's message, in bits behind UDP's start. */
const DHCP = {
  operation: "@th,64,8",
  used: "@th,160,32",
  given: "@th,192,32",
  client: "@th,288,48",
  /** First of the options, which servers make the kind of message. */
  kind: "@th,1984,24",
};
const OFFER = "0x350102";
const ACK = "0x350105";
const RELEASE = "0x350107";
/** The options behind the kind begin here; the lease's time is found where those before it have four bytes each. */
const OPTIONS_AT = 2008;
const OPTION_BITS = 48;
const OPTIONS_LOOKED_AT = 8;
/** Code and size. */
const LEASE_TIME = "0x3304";
const HEAD_BITS = 16;

function answerRules(dev: string, learning: Learning): readonly string[] {
  const { mac, servers } = learning;
  const from = servers.length === 0 ? "" : `ip saddr { ${servers.join(", ")} }`;
  const client = `${DHCP.client} 0x${mac.replaceAll(":", "")} ${DHCP.given} != 0`;
  const reply = line(from, `${WHOLE} udp sport 67 udp dport 68 ${DHCP.operation} 2 ${client}`);
  const noted = `${reply} ${DHCP.kind} != ${OFFER} add @${addressSet(dev, learning)} { ${DHCP.given} }`;
  if (learning.mode === "any") return [noted];
  const times = Array.from({ length: OPTIONS_LOOKED_AT }, (_, before) => {
    const at = OPTIONS_AT + before * OPTION_BITS;
    const seconds = `@th,${at + HEAD_BITS},32`;
    const found = `${DHCP.kind} ${ACK} @th,${at},${HEAD_BITS} ${LEASE_TIME}`;
    return `${reply} ${found} update @${leaseMap(dev)} { ${DHCP.given} : ${seconds} }`;
  });
  return [noted, ...times];
}

function guestRules(dev: string, learning: Learning): readonly string[] {
  const set = addressSet(dev, learning);
  const own = `ether saddr ${learning.mac}`;
  if (learning.mode === "any")
    return [
      `${own} ip saddr != 0.0.0.0 add @${set} { ip saddr }`,
      `${own} ${OWN_ARP} arp saddr ip != 0.0.0.0 add @${set} { arp saddr ip }`,
    ];
  const ask = `${WHOLE} udp sport 68 udp dport 67`;
  return [
    `${own} ${ask} ${DHCP.operation} 1 ${DHCP.kind} ${RELEASE} update @${releaseSet(dev)} { ${DHCP.used} }`,
    // what the guest asks an address by passes, whatever the filter says of broadcasts
    `${own} ip saddr 0.0.0.0 ${ask} accept`,
  ];
}

/** Something that addresses are kept in. */
export interface NamedSet {
  readonly kind: "set" | "map";
  readonly name: string;
  readonly declared: string;
  /** What must be in it. */
  readonly addresses: readonly string[];
  /** Whether what is in it from before counts no more. */
  readonly emptied: boolean;
}

interface LearningRules {
  readonly sets: readonly NamedSet[];
  readonly first: Readonly<Record<Way, readonly string[]>>;
}

/** Nothing of a filter whose addresses are given. */
export function learningOf({ dev, learning }: InterfaceFilter): LearningRules {
  if (learning === undefined) return { sets: [], first: { out: [], in: [] } };
  const { mode, known, isNew } = learning;
  const rest = `size ${SET_SIZE[mode]}; flags dynamic;`;
  const empty = { addresses: [], emptied: isNew };
  const addresses: NamedSet = {
    kind: "set",
    name: addressSet(dev, learning),
    declared: `type ipv4_addr; ${rest}`,
    addresses: known,
    emptied: isNew,
  };
  const leases: readonly NamedSet[] = [
    { kind: "map", name: leaseMap(dev), declared: `type ipv4_addr : mark; ${rest}`, ...empty },
    { kind: "set", name: releaseSet(dev), declared: `type ipv4_addr; ${rest}`, ...empty },
  ];
  return {
    sets: mode === "any" ? [addresses] : [addresses, ...leases],
    first: { out: guestRules(dev, learning), in: answerRules(dev, learning) },
  };
}
