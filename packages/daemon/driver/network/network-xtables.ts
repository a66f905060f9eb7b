/** Rules of one network in the words of iptables and ip6tables, in chains of libvirt's names. */
import type { Network } from "@vireo/model/network/network";
import { NAT_PORTS } from "@vireo/model/network/nat-ports";
import { forwardMode } from "@vireo/model/network/parse-network";
import { isTranslated, type Range, rangeOf } from "./address-range.ts";

export interface NetworkRule {
  readonly tool: "iptables" | "ip6tables";
  readonly table: "filter" | "nat" | "mangle";
  readonly chain: string;
  readonly words: readonly string[];
}
type Tool = NetworkRule["tool"];

const IN = "LIBVIRT_INP";
const OUT = "LIBVIRT_OUT";
const FORWARD_OUT = "LIBVIRT_FWO";
const FORWARD_IN = "LIBVIRT_FWI";
const FORWARD_CROSS = "LIBVIRT_FWX";
const POSTROUTING = "LIBVIRT_PRT";

/** The chains of a table, each with the kernel's that leads to it. */
export const NETWORK_CHAINS: Readonly<
  Record<NetworkRule["table"], readonly (readonly [from: string, at: number, chain: string])[]>
> = {
  filter: [
    ["INPUT", 1, IN],
    ["OUTPUT", 1, OUT],
    ["FORWARD", 1, FORWARD_OUT],
    ["FORWARD", 1, FORWARD_IN],
    ["FORWARD", 1, FORWARD_CROSS],
  ],
  nat: [["POSTROUTING", 1, POSTROUTING]],
  mangle: [["POSTROUTING", 1, POSTROUTING]],
};

const ACCEPT = ["--jump", "ACCEPT"];
const rule = (tool: Tool, chain: string, ...words: readonly string[]): NetworkRule => ({
  tool,
  table: "filter",
  chain,
  words,
});

/** The host answers, and gets answers, on these ports. */
function ports(
  tool: Tool,
  bridge: string,
  ways: readonly (readonly [chain: string, protocols: readonly string[], port: number])[],
): readonly NetworkRule[] {
  return ways.flatMap(([chain, protocols, port]) => {
    const side = chain === IN ? "--in-interface" : "--out-interface";
    return protocols.map((protocol) => {
      const to = ["--protocol", protocol, "--destination-port", String(port)];
      return rule(tool, chain, side, bridge, ...to, "--jump", "ACCEPT");
    });
  });
}

const BOTH = ["tcp", "udp"] as const;
const UDP = ["udp"] as const;
const DNS = [
  [IN, BOTH, 53],
  [OUT, BOTH, 53],
] as const;

/** Nothing passes but what is let through before; guests reach each other. */
const closed = (tool: Tool, bridge: string): readonly NetworkRule[] => [
  rule(tool, FORWARD_OUT, "--in-interface", bridge, "--jump", "REJECT"),
  rule(tool, FORWARD_IN, "--out-interface", bridge, "--jump", "REJECT"),
  rule(
    tool,
    FORWARD_CROSS,
    ...`--in-interface ${bridge} --out-interface ${bridge}`.split(" "),
    ...ACCEPT,
  ),
];

function generalRules(network: Network, bridge: string): readonly NetworkRule[] {
  const { ips = [] } = network;
  const six = ips.some(({ family }) => family === "ipv6");
  const tftp = ips.some((ip) => "tftp" in ip);
  return [
    ...ports("iptables", bridge, [[IN, BOTH, 67], [OUT, BOTH, 68], ...DNS]),
    ...(tftp
      ? ports("iptables", bridge, [
          [IN, UDP, 69],
          [OUT, UDP, 69],
        ])
      : []),
    ...closed("iptables", bridge),
    ...(six || network.ipv6 === true ? closed("ip6tables", bridge) : []),
    ...(six ? ports("ip6tables", bridge, [...DNS, [IN, UDP, 547], [OUT, UDP, 546]]) : []),
  ];
}

/** Guests may go out, and what answers them or, on a routed network, anybody may come in. */
function throughRules(
  { cidr, tool }: Range & { tool: Tool },
  { forward }: Network,
  { bridge, translated }: { bridge: string; translated: boolean },
): readonly NetworkRule[] {
  const dev = (option: string): readonly string[] =>
    forward?.dev === undefined ? [] : [option, forward.dev];
  const answers = translated ? ["--match", "conntrack", "--ctstate", "ESTABLISHED,RELATED"] : [];
  const from = ["--source", cidr, "--in-interface", bridge, ...dev("--out-interface")];
  const to = ["--destination", cidr, ...dev("--in-interface"), "--out-interface", bridge];
  return [
    rule(tool, FORWARD_OUT, ...from, "--jump", "ACCEPT"),
    rule(tool, FORWARD_IN, ...to, ...answers, "--jump", "ACCEPT"),
  ];
}

function natRules({ cidr, tool }: Range & { tool: Tool }, { forward }: Network) {
  const { address, port = NAT_PORTS } = forward?.nat ?? {};
  const limit = `${port.start}-${port.end}`;
  const dev = forward?.dev === undefined ? [] : ["--out-interface", forward.dev];
  const own = address !== undefined && tool === "iptables";
  const source = `${address?.start}-${address?.end}`;
  const plain = own ? ["SNAT", "--to-source", source] : ["MASQUERADE"];
  const limited = own
    ? ["SNAT", "--to-source", `${source}:${limit}`]
    : ["MASQUERADE", "--to-ports", limit];
  const away = (protocol: readonly string[], jump: readonly string[]) => [
    "--source",
    cidr,
    ...protocol,
    "!",
    "--destination",
    cidr,
    ...dev,
    "--jump",
    ...jump,
  ];
  const local = tool === "iptables" ? ["255.255.255.255/32", "224.0.0.0/24"] : ["ff02::/16"];
  return [
    away([], plain),
    away(["-p", "udp"], limited),
    away(["-p", "tcp"], limited),
    ...local.map((one) => ["--source", cidr, "--destination", one, "--jump", "RETURN"]),
  ].map((words): NetworkRule => ({ tool, table: "nat", chain: POSTROUTING, words }));
}

/** In the order in which they are put before what is there; none for a network that is open. */
export function networkRules(network: Network): readonly NetworkRule[] {
  const mode = forwardMode(network);
  if (mode === "open") return [];
  const { ips = [] } = network;
  const bridge = network.bridge?.name ?? "";
  const ranges = ips.map((ip) => {
    const tool: Tool = ip.family === "ipv6" ? "ip6tables" : "iptables";
    return { ...rangeOf(ip), tool };
  });
  const through = mode === "none" ? [] : ranges;
  const dhcp = ips.some((ip) => ip.family !== "ipv6" && ip.dhcp !== undefined);
  const checksum = ["--out-interface", bridge, "--protocol", "udp", "--destination-port", "68"];
  return [
    ...generalRules(network, bridge),
    ...through.flatMap((range) => {
      const translated = isTranslated(range, network);
      const nat = translated ? natRules(range, network) : [];
      return [...throughRules(range, network, { bridge, translated }), ...nat];
    }),
    ...(dhcp
      ? [
          {
            tool: "iptables" as const,
            table: "mangle" as const,
            chain: POSTROUTING,
            words: [...checksum, "--jump", "CHECKSUM", "--checksum-fill"],
          },
        ]
      : []),
  ];
}
