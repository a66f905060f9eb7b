/** nftables rules of one network: a table of its own, replaced and removed as a whole. */
import type { Network } from "@vireo/model/network/network";
import { NAT_PORTS } from "@vireo/model/network/nat-ports";
import { forwardMode } from "@vireo/model/network/parse-network";
import { isTranslated, type Range, rangeOf } from "./address-range.ts";

export const tableOf = ({ uuid }: Pick<Network, "uuid">): string =>
  `vireo_${uuid.replaceAll("-", "")}`;

/** Takes the table away, whether or not it is there. */
export const removalRules = (network: Pick<Network, "uuid">): string =>
  `table inet ${tableOf(network)} {}\ndelete table inet ${tableOf(network)}\n`;

/** Guests may go out, and what answers them or, on a routed network, anybody may come in. */
function throughRules({ match, cidr }: Range, network: Network, translated: boolean): string[] {
  const bridge = `"${network.bridge?.name ?? ""}"`;
  const dev = network.forward?.dev;
  const [out, back] = dev === undefined ? ["", ""] : [`oifname "${dev}" `, `iifname "${dev}" `];
  const answers = translated ? "ct state established,related " : "";
  return [
    `${back}oifname ${bridge} ${match} daddr ${cidr} ${answers}accept`,
    `iifname ${bridge} ${out}${match} saddr ${cidr} accept`,
  ];
}

function forwardRules(network: Network): readonly string[] {
  const mode = forwardMode(network);
  const bridge = `"${network.bridge?.name ?? ""}"`;
  if (mode === "open") return [];
  const through =
    mode === "none"
      ? []
      : (network.ips ?? [])
          .map(rangeOf)
          .flatMap((range) => throughRules(range, network, isTranslated(range, network)));
  return [
    `iifname ${bridge} oifname ${bridge} accept`,
    ...through,
    `oifname ${bridge} reject`,
    `iifname ${bridge} reject`,
  ];
}

/** Multicast and broadcast stay as they are; ports of TCP and UDP may be limited. */
function natRules(range: Range, { forward }: Network): readonly string[] {
  const { match, cidr } = range;
  const { address, port = NAT_PORTS } = forward?.nat ?? {};
  const dev = forward?.dev === undefined ? "" : `oifname "${forward.dev}" `;
  const from = `${dev}${match} saddr ${cidr} ${match} daddr != ${cidr}`;
  const local = match === "ip" ? "{ 224.0.0.0/24, 255.255.255.255 }" : "ff02::/16";
  const ports = `${port.start}-${port.end}`;
  const to =
    address === undefined || match === "ip6"
      ? { plain: "masquerade", limited: `masquerade to :${ports}` }
      : {
          plain: `snat ip to ${address.start}-${address.end}`,
          limited: `snat ip to ${address.start}-${address.end}:${ports}`,
        };
  return [
    `${match} saddr ${cidr} ${match} daddr ${local} return`,
    `${from} meta l4proto { tcp, udp } ${to.limited}`,
    `${from} ${to.plain}`,
  ];
}

const chain = (name: string, hook: string, rules: readonly string[]): string =>
  [`  chain ${name} {`, `    ${hook}`, ...rules.map((rule) => `    ${rule}`), "  }"].join("\n");

/** Everything of the network, replacing what was there, for `nft -f -`. */
export function firewallRules(network: Network): string {
  const translated = (network.ips ?? []).map(rangeOf).filter((one) => isTranslated(one, network));
  const nat = translated.flatMap((range) => natRules(range, network));
  const forward = "type filter hook forward priority filter; policy accept;";
  const after = "type nat hook postrouting priority srcnat; policy accept;";
  return [
    removalRules(network) + `table inet ${tableOf(network)} {`,
    chain("forward", forward, forwardRules(network)),
    chain("postrouting", after, nat),
    "}\n",
  ].join("\n");
}
