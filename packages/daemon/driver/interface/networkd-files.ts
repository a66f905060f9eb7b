/** Definitions as systemd-networkd's files have them. */
import { type HostInterface, type HostProtocol, portsOf } from "@vireo/model/node/host-interface";
import { bondOptions } from "./bond-options.ts";
import { type IniFile, iniKeys, type IniKeys, withKeys, withoutSections } from "./ini-file.ts";
import { delayOf, unsupported } from "./keeper.ts";
import { bondKeyOf, gatewayRoute } from "./networkd-read.ts";

const yesNo = (truth: boolean): string => (truth ? "yes" : "no");

function bridgeKeys(bridge: NonNullable<HostInterface["bridge"]>): IniKeys {
  const delay = delayOf(bridge);
  return {
    STP: bridge.stp === undefined ? [] : [yesNo(bridge.stp)],
    ForwardDelaySec: delay === undefined ? [] : [String(delay)],
  };
}

function bondKeys(bond: NonNullable<HostInterface["bond"]>): IniKeys {
  if (bond.miiMonitor?.carrier === "ioctl")
    throw unsupported("systemd-networkd cannot watch a bond's links by ioctl");
  const pairs = Object.entries(bondOptions(bond)).flatMap(([option, value]) => {
    const key = bondKeyOf(option);
    return key === undefined ? [] : [[key, [key.endsWith("Sec") ? `${value}ms` : value]] as const];
  });
  return iniKeys(pairs);
}

/** The .netdev file of what networkd is to make; undefined for a card that is there by itself. */
export function netdevText({
  type,
  name = "",
  bridge,
  bond,
  vlan,
}: HostInterface): IniFile | undefined {
  if (type === "ethernet") return undefined;
  const file = withKeys([], "NetDev", { Name: [name], Kind: [type] });
  if (type === "bridge") return withKeys(file, "Bridge", bridgeKeys(bridge ?? {}));
  if (type === "bond") return withKeys(file, "Bond", bondKeys(bond ?? {}));
  return withKeys(file, "VLAN", { Id: [String(vlan?.tag ?? 0)] });
}

const address = ({ address: ip, prefix }: NonNullable<HostProtocol["ips"]>[number]): string =>
  prefix === undefined ? ip : `${ip}/${prefix}`;

function addressKeys(protocols: readonly HostProtocol[]): IniKeys {
  const dhcp = protocols.filter((one) => one.dhcp !== undefined).map(({ family }) => family);
  const six = protocols.find(({ family }) => family === "ipv6");
  return {
    DHCP: dhcp.length === 0 ? [] : [dhcp.length === 2 ? "yes" : (dhcp[0] ?? "no")],
    IPv6AcceptRA: six === undefined ? [] : [yesNo(six.autoconf === true)],
    Address: protocols.flatMap(({ ips = [] }) => ips.map(address)),
    Gateway: protocols.flatMap(({ route }) => route?.gateway ?? []),
  };
}

const useDns = (protocols: readonly HostProtocol[], family: HostProtocol["family"]): IniKeys => {
  const off = protocols.some((one) => one.family === family && one.dhcp?.peerDns === false);
  return { UseDNS: off ? ["no"] : [] };
};

/** Keys that only a port has; without any, an interface stands for itself. */
export type Mastery = { readonly Bridge?: readonly string[]; readonly Bond?: readonly string[] };

/** A .network file changed to what is wanted; what a definition has no words for stays. */
export function networkText(
  before: IniFile,
  wanted: HostInterface,
  vlans: readonly string[],
): IniFile {
  const { name = "", start, mtu, mac, protocols = [] } = wanted;
  const alone = withoutSections(before, (one) => one.name === "Address" || gatewayRoute(one));
  const matched = withKeys(alone, "Match", { Name: [name] });
  const linked = withKeys(matched, "Link", {
    ActivationPolicy: start?.mode === "none" ? ["manual"] : [],
    MTUBytes: mtu === undefined ? [] : [String(mtu.size)],
    MACAddress: mac === undefined ? [] : [mac.address],
  });
  const network = withKeys(linked, "Network", {
    ...addressKeys(protocols),
    Bridge: [],
    Bond: [],
    LinkLocalAddressing: protocols.length === 0 && portsOf(wanted).length === 0 ? ["no"] : [],
    VLAN: vlans,
  });
  const four = withKeys(network, "DHCPv4", useDns(protocols, "ipv4"));
  return withKeys(four, "DHCPv6", {
    ...useDns(protocols, "ipv6"),
    WithoutRA: asksWithoutRouter(protocols) ? ["solicit"] : [],
  });
}

/** By itself networkd asks a server only when a router says so. */
const asksWithoutRouter = (protocols: readonly HostProtocol[]): boolean =>
  protocols.some((one) => one.family === "ipv6" && one.dhcp !== undefined && !one.autoconf);

/** The .network file of a port: nothing but whose it is. */
export function portText(name: string, master: Mastery, vlans: readonly string[]): IniFile {
  const file = withKeys([], "Match", { Name: [name] });
  return withKeys(file, "Network", { ...master, LinkLocalAddressing: ["no"], VLAN: vlans });
}

/** What names servers and domains: it goes with the addresses to the bridge. */
export const SERVER_KEYS = [
  "DNS",
  "Domains",
  "NTP",
  "DNSDefaultRoute",
  "DNSSEC",
  "DNSOverTLS",
] as const;
