/** Rules of nftables that note the addresses of a guest, before anything is filtered. */
import type { Way } from "./connection.ts";
import type { InterfaceFilter, Learning } from "./interface-filter.ts";
import { line } from "./line.ts";

const setOf = (dev: string, { mode }: Learning): string => `${mode}/${dev}`;
/** A guest may be given several addresses by DHCP one after the other. */
const SET_SIZE = { any: 1, dhcp: 16 } as const;

/** In DHCP's answer: operation, the address given, the guest's MAC address; bits behind UDP's start. */
const DHCP = { operation: "@th,64,8", given: "@th,192,32", client: "@th,288,48" };

/** No later fragment: its bytes are not a header's. */
const WHOLE = "ip frag-off & 0x1fff == 0";
/** A message of IPv4 on Ethernet. */
const OWN_ARP = "arp htype 1 arp ptype 0x0800 arp hlen 6 arp plen 4";

function learningRules(dev: string, learning: Learning, way: Way): readonly string[] {
  const set = setOf(dev, learning);
  const { mac, servers } = learning;
  if (way === "in") {
    const from = servers.length === 0 ? "" : `ip saddr { ${servers.join(", ")} }`;
    const client = `${DHCP.client} 0x${mac.replaceAll(":", "")}`;
    const reply = `${WHOLE} udp sport 67 udp dport 68 ${DHCP.operation} 2 ${client}`;
    return [line(from, reply, `${DHCP.given} != 0`, `add @${set} { ${DHCP.given} }`)];
  }
  const own = `ether saddr ${mac}`;
  // what the guest asks an address by passes, whatever the filter says of broadcasts
  if (learning.mode === "dhcp")
    return [`${own} ip saddr 0.0.0.0 ${WHOLE} udp sport 68 udp dport 67 accept`];
  return [
    `${own} ip saddr != 0.0.0.0 add @${set} { ip saddr }`,
    `${own} ${OWN_ARP} arp saddr ip != 0.0.0.0 add @${set} { arp saddr ip }`,
  ];
}

interface LearningRules {
  /** Declarations of sets, by name. */
  readonly sets: ReadonlyMap<string, string>;
  readonly first: Readonly<Record<Way, readonly string[]>>;
}

/** Nothing of a filter whose addresses are given. */
export function learningOf({ dev, learning }: InterfaceFilter): LearningRules {
  if (learning === undefined) return { sets: new Map(), first: { out: [], in: [] } };
  const declared = `type ipv4_addr; size ${SET_SIZE[learning.mode]}; flags dynamic;`;
  return {
    sets: new Map([[setOf(dev, learning), declared]]),
    first: {
      out: learningRules(dev, learning, "out"),
      in: learningRules(dev, learning, "in"),
    },
  };
}
