/** Rules of a filter whose address is learned, once for each address that is known by now. */
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import type { InterfaceFilter, Learning } from "./interface-filter.ts";

const UNKNOWN = "$IP";

/** A rule that asks for an address nobody knows fits no packet: it is left out. */
function filled(rule: ExpandedRule, addresses: readonly string[]): readonly ExpandedRule[] {
  const asked = Object.entries(rule.match).filter(([, value]) => value === UNKNOWN);
  if (asked.length === 0) return [rule];
  return addresses.map((address) => ({
    ...rule,
    match: { ...rule.match, ...Object.fromEntries(asked.map(([name]) => [name, address])) },
  }));
}

const DHCP = { protocol: "udp", client: "68", server: "67" };
const said = { priority: 0, stateless: true };

/** Nothing but what gets the guest an address, from those who may give it one. */
function dhcpOnly({ mac, servers }: Learning): readonly ExpandedRule[] {
  const { protocol, client, server } = DHCP;
  const answer = { protocol, srcportstart: server, dstportstart: client };
  const answers =
    servers.length === 0 ? [answer] : servers.map((srcipaddr) => ({ srcipaddr, ...answer }));
  const ask = { srcmacaddr: mac, protocol, srcportstart: client, dstportstart: server };
  const accept = (direction: "in" | "out", match: ExpandedRule["match"]): ExpandedRule => ({
    ...said,
    action: "accept",
    direction,
    protocol: "ip",
    match,
  });
  return [
    accept("out", ask),
    ...answers.map((match) => accept("in", match)),
    { ...said, action: "drop", direction: "inout", match: {} },
  ];
}

export function withLearned(filter: InterfaceFilter): InterfaceFilter {
  const { learning } = filter;
  if (learning === undefined) return filter;
  const { known } = learning;
  if (learning.mode === "dhcp" && known.length === 0)
    return { ...filter, chains: [{ name: "root", priority: 0, rules: dhcpOnly(learning) }] };
  const chains = filter.chains.map((chain) => ({
    ...chain,
    rules: chain.rules.flatMap((rule) => filled(rule, known)),
  }));
  return { ...filter, chains };
}
