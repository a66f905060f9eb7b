/** Definitions as ifupdown's file has them. */
import { type HostInterface, type HostProtocol, portsOf } from "@vireo/model/node/host-interface";
import { bondOptions } from "./bond-options.ts";
import { methodOf, optionIn, stanzasAbout } from "./interfaces-file.ts";
import { delayOf, unsupported } from "./keeper.ts";

function kindOptions(wanted: HostInterface): readonly string[] {
  const { bridge, vlan, bond } = wanted;
  const names = (all: readonly HostInterface[] | undefined): string =>
    (all ?? []).flatMap(({ name }) => name ?? []).join(" ") || "none";
  return [
    ...(bridge === undefined ? [] : [`bridge_ports ${names(bridge.interfaces)}`]),
    ...(bridge?.stp === undefined ? [] : [`bridge_stp ${bridge.stp ? "on" : "off"}`]),
    ...(bridge?.delay === undefined ? [] : [`bridge_fd ${delayOf(bridge)}`]),
    ...(vlan?.interface === undefined ? [] : [`vlan-raw-device ${vlan.interface.name}`]),
    ...(bond === undefined ? [] : [`bond-slaves ${names(bond.interfaces)}`]),
    ...Object.entries(bond === undefined ? {} : bondOptions(bond)).map(
      ([key, value]) => `bond-${key.replaceAll("_", "-")} ${value}`,
    ),
  ];
}

/** One stanza for what is asked of a server or router, and one for each address. */
function methodsOf({
  family,
  dhcp,
  autoconf,
  ips = [],
  route,
}: HostProtocol): readonly (readonly string[])[] {
  if (dhcp?.peerDns === false)
    throw unsupported("ifupdown cannot leave out the name servers that DHCP tells (peerdns='no')");
  const gateway = route === undefined ? [] : [`gateway ${route.gateway}`];
  const statics = ips.map(({ address, prefix }, at) => [
    "static",
    `address ${address}${prefix === undefined ? "" : `/${prefix}`}`,
    ...(at === 0 ? gateway : []),
  ]);
  const both = family === "ipv6" && autoconf === true && dhcp !== undefined;
  const asked = both
    ? [["auto", "dhcp 1"]]
    : autoconf === true
      ? [["auto"]]
      : dhcp !== undefined
        ? [["dhcp"]]
        : [];
  const all = [...asked, ...statics];
  return all.length === 0 ? [["manual"]] : all;
}

const MANUAL: HostProtocol = { family: "ipv4" };

function stanzas(
  name: string,
  wanted: HostInterface,
  carried: readonly string[],
): readonly string[] {
  const { mtu, mac, protocols = [] } = wanted;
  const once = [
    ...kindOptions(wanted),
    ...(mtu === undefined ? [] : [`mtu ${mtu.size}`]),
    ...(mac === undefined ? [] : [`hwaddress ${mac.address}`]),
    ...carried,
  ];
  const all = (protocols.length === 0 ? [MANUAL] : protocols).flatMap((protocol) =>
    methodsOf(protocol).map(([method = "", ...options]) => ({
      head: `iface ${name} ${protocol.family === "ipv6" ? "inet6" : "inet"} ${method}`,
      options,
    })),
  );
  return all.flatMap(({ head, options }, at) => [
    head,
    ...[...options, ...(at === 0 ? once : [])].map((option) => `    ${option}`),
  ]);
}

/** The stanzas of an interface, after those of ports that are no plain cards. @param carried further options */
export function interfaceText(wanted: HostInterface, carried: readonly string[] = []): string {
  const { name = "", start } = wanted;
  const boot = start?.mode === "onboot" ? [`auto ${name}`] : [];
  const plug = start?.mode === "hotplug" ? [`allow-hotplug ${name}`] : [];
  const below = portsOf(wanted).filter(({ type }) => type !== "ethernet");
  return [
    ...below.map(
      (port) => `${interfaceText({ ...port, ...(start === undefined ? {} : { start }) })}`,
    ),
    [...boot, ...plug, ...stanzas(name, wanted, carried), ""].join("\n"),
  ].join("\n");
}

/** Options that a definition says in its own way. */
const OURS =
  /^(address|netmask|broadcast|gateway|mtu|hwaddress|dhcp|vlan-raw-device|bridge-(ports|stp|fd)|bond-(slaves|mode|miimon|downdelay|updelay|use-carrier|arp-interval|arp-ip-target|arp-validate))$/;
const OF_ADDRESSES = /^dns-/;

/** Options of earlier definitions that the new one has no words for: an interface's own, and the name servers of its ports. */
export function carriedOptions(
  text: string,
  { name = "" }: HostInterface,
  ports: readonly string[],
): readonly string[] {
  const optionsOf = (one: string): readonly (readonly [string, string])[] =>
    stanzasAbout(text, one)
      .filter((stanza) => methodOf(stanza).method !== "loopback")
      .flatMap(({ lines }) => lines.slice(1).map(optionIn))
      .filter((option) => option !== undefined);
  const own = optionsOf(name).filter(([key]) => !OURS.test(key));
  const servers = ports.flatMap(optionsOf).filter(([key]) => OF_ADDRESSES.test(key));
  return [...own, ...servers].map(([key, value]) => `${key} ${value}`);
}
