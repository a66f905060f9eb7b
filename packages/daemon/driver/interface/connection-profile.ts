/** NetworkManager's keyfile of one connection, and what it says of an interface. */
import { randomUUID } from "node:crypto";
import type { HostInterface, HostProtocol } from "@vireo/model/node/host-interface";
import { BOND_OPTIONS, bondOf, bondOptions } from "./bond-options.ts";
import { type IniFile, iniKeys, type IniKeys, iniValue, withKeys } from "./ini-file.ts";
import { delayOf, ethernet } from "./keeper.ts";

export interface Profile {
  readonly path: string;
  readonly ini: IniFile;
}

const TYPES: Readonly<Record<string, HostInterface["type"]>> = {
  ethernet: "ethernet",
  "802-3-ethernet": "ethernet",
  bridge: "bridge",
  bond: "bond",
  vlan: "vlan",
};

const connection = ({ ini }: Profile, ...keys: readonly string[]): string | undefined =>
  keys.map((key) => iniValue(ini, "connection", key)).find((one) => one !== undefined);

/** Undefined for kinds that are not ours, such as wifi. */
export const typeOf = (profile: Profile): HostInterface["type"] | undefined =>
  TYPES[connection(profile, "type") ?? ""];

export const nameOf = (profile: Profile): string | undefined =>
  connection(profile, "interface-name") ??
  (typeOf(profile) === "ethernet" ? undefined : iniValue(profile.ini, "vlan", "interface-name"));

export const uuidOf = (profile: Profile): string => connection(profile, "uuid") ?? "";

/** UUID or interface that a port belongs to; undefined for an interface of its own. */
export const masterOf = (profile: Profile): string | undefined =>
  connection(profile, "controller", "master");

const saysTrue = ({ ini }: Profile, key: string): boolean =>
  iniValue(ini, ".nmmeta", key) === "true";

/** It defines nothing: NetworkManager wrote down what somebody else has set up. */
export const isExternal = (profile: Profile): boolean => saysTrue(profile, "external");

/** NetworkManager made it for a card that nobody had defined, and passes over it for one that somebody has. */
export const isGenerated = (profile: Profile): boolean => saysTrue(profile, "nm-generated");

const startsItself = (profile: Profile): boolean => connection(profile, "autoconnect") !== "false";

/** The one of several profiles for an interface that NetworkManager would take. */
export function preferred(profiles: readonly Profile[]): Profile | undefined {
  const rank = (one: Profile): number =>
    (startsItself(one) ? 1_000_000 : 0) + Number(connection(one, "autoconnect-priority") ?? 0);
  return profiles.toSorted((a, b) => rank(b) - rank(a) || (a.path < b.path ? -1 : 1))[0];
}

/** `address1=10.0.0.2/24,10.0.0.1`: an address, and perhaps the router. */
function addressLines(ini: IniFile, section: string): readonly (readonly string[])[] {
  const lines = ini.filter(({ name }) => name === section).flatMap((one) => one.lines);
  return lines
    .filter((line) => /^\s*address(es)?\d*\s*=/.test(line))
    .flatMap((line) => line.slice(line.indexOf("=") + 1).split(";"))
    .filter((text) => text.trim() !== "")
    .map((text) => text.trim().split(","));
}

/** What is asked of servers and routers. */
function askedIn(
  ini: IniFile,
  family: HostProtocol["family"],
): Pick<HostProtocol, "autoconf" | "dhcp"> {
  const method = iniValue(ini, family, "method");
  const peerDns = iniValue(ini, family, "ignore-auto-dns") === "true" ? { peerDns: false } : {};
  if (method === "auto") return family === "ipv6" ? { autoconf: true } : { dhcp: peerDns };
  return method === "dhcp" ? { dhcp: peerDns } : {};
}

function protocolOf(ini: IniFile, family: HostProtocol["family"]): HostProtocol | undefined {
  const method = iniValue(ini, family, "method");
  if (method === undefined || /^(disabled|ignore|shared)$/.test(method)) return undefined;
  const lines = addressLines(ini, family);
  const ips = lines.map(([text = ""]) => {
    const [address = "", prefix] = text.split("/");
    return { address, ...(prefix === undefined ? {} : { prefix: Number(prefix) }) };
  });
  const gateway = iniValue(ini, family, "gateway") ?? lines.find((one) => one.length > 1)?.[1];
  return {
    family,
    ...askedIn(ini, family),
    ...(ips.length > 0 && { ips }),
    ...(gateway !== undefined && { route: { gateway } }),
  };
}

function kindOf(profile: Profile, ports: readonly HostInterface[]): HostInterface {
  const { ini } = profile;
  const name = nameOf(profile) ?? "";
  const type = typeOf(profile);
  if (type === "bridge") {
    const delay = iniValue(ini, "bridge", "forward-delay");
    const stp = iniValue(ini, "bridge", "stp") !== "false";
    return { type, name, bridge: { stp, ...(delay && { delay }), interfaces: ports } };
  }
  if (type === "bond") {
    const pairs = BOND_OPTIONS.map((key) => [key, iniValue(ini, "bond", key)] as const);
    const options = Object.fromEntries(
      pairs.flatMap(([key, value]) => (value ? [[key, value]] : [])),
    );
    return { type, name, bond: { ...bondOf(options), interfaces: ports } };
  }
  if (type !== "vlan") return ethernet(name);
  const below = iniValue(ini, "vlan", "parent");
  const tag = Number(iniValue(ini, "vlan", "id") ?? 0);
  return { type, name, vlan: { tag, ...(below && { interface: { name: below } }) } };
}

/** What a port is by itself. */
export const readPort = (profile: Profile, ports: readonly HostInterface[]): HostInterface =>
  kindOf(profile, ports);

export function readProfile(profile: Profile, ports: readonly HostInterface[]): HostInterface {
  const { ini } = profile;
  const mtu = Number(iniValue(ini, "ethernet", "mtu") ?? iniValue(ini, "802-3-ethernet", "mtu"));
  const address = iniValue(ini, "ethernet", "cloned-mac-address");
  const protocols = [protocolOf(ini, "ipv4"), protocolOf(ini, "ipv6")].filter(
    (one) => one !== undefined,
  );
  return {
    ...kindOf(profile, ports),
    start: { mode: startsItself(profile) ? "onboot" : "none" },
    ...(mtu > 0 && { mtu: { size: mtu } }),
    ...(protocols.length > 0 && { protocols }),
    ...(address?.includes(":") && { mac: { address } }),
  };
}

function methodOf(family: HostProtocol["family"], protocol: HostProtocol | undefined): string {
  if (protocol === undefined) return family === "ipv4" ? "disabled" : "ignore";
  const { autoconf, dhcp, ips = [] } = protocol;
  if (family === "ipv6" && autoconf === true) return "auto";
  if (dhcp !== undefined) return family === "ipv4" ? "auto" : "dhcp";
  if (ips.length > 0) return "manual";
  return family === "ipv4" ? "disabled" : "link-local";
}

/** Keys of older definitions that the new ones take the place of. */
const addressKeys = (ini: IniFile, section: string): IniKeys => {
  const lines = ini.filter(({ name }) => name === section).flatMap((one) => one.lines);
  const old = lines.flatMap((line) => /^\s*(address(?:es)?\d*)\s*=/.exec(line)?.[1] ?? []);
  return iniKeys(old.map((key) => [key, []] as const));
};

function withProtocol(
  ini: IniFile,
  family: HostProtocol["family"],
  wanted: HostInterface,
): IniFile {
  const protocol = wanted.protocols?.find((one) => one.family === family);
  const { ips = [], route, dhcp } = protocol ?? {};
  const addresses = ips.map(
    ({ address, prefix = family === "ipv4" ? 32 : 128 }, at) =>
      [`address${at + 1}`, [`${address}/${prefix}`]] as const,
  );
  return withKeys(ini, family, {
    ...addressKeys(ini, family),
    method: [methodOf(family, protocol)],
    ...iniKeys(addresses),
    gateway: route === undefined ? [] : [route.gateway],
    ...(dhcp === undefined ? {} : { "ignore-auto-dns": dhcp.peerDns === false ? ["true"] : [] }),
  });
}

const some = (value: string | number | boolean | undefined): readonly string[] =>
  value === undefined ? [] : [String(value)];

function bridgeKeys(bridge: NonNullable<HostInterface["bridge"]>): IniKeys {
  const delay = delayOf(bridge);
  return { stp: some(bridge.stp), "forward-delay": some(delay && Math.ceil(delay)) };
}

function bondKeys(bond: NonNullable<HostInterface["bond"]>): IniKeys {
  const options = bondOptions(bond);
  return iniKeys(BOND_OPTIONS.map((key) => [key, some(options[key])] as const));
}

/** The part that says what kind of interface it is. */
function withKind(ini: IniFile, { type, bridge = {}, bond = {}, vlan }: HostInterface): IniFile {
  if (type === "bridge") return withKeys(ini, "bridge", bridgeKeys(bridge));
  if (type === "bond") return withKeys(ini, "bond", bondKeys(bond));
  if (type !== "vlan") return ini;
  return withKeys(ini, "vlan", { id: some(vlan?.tag ?? 0), parent: some(vlan?.interface?.name) });
}

/** Before profiles that are for any card, or for one by its MAC address. */
const PRIORITY = "10";

/** Whose port a connection is; interfaces of their own have none. */
export interface Master {
  readonly uuid: string;
  readonly type: "bridge" | "bond";
}

/** The keyfile for what is wanted; what a definition has no words for stays as it was `before`. */
export function profileText(before: IniFile, wanted: HostInterface, master?: Master): IniFile {
  const { name = "", type, mtu, mac, start } = wanted;
  const id = iniValue(before, "connection", "id") ?? name;
  const uuid = iniValue(before, "connection", "uuid") ?? randomUUID();
  const priority = iniValue(before, "connection", "autoconnect-priority") ?? PRIORITY;
  const base = withKeys(before, "connection", {
    id: [id],
    uuid: [uuid],
    type: [type],
    "interface-name": [name],
    autoconnect: start?.mode === "none" ? ["false"] : [],
    "autoconnect-priority": [priority],
    controller: [],
    "port-type": [],
    master: master === undefined ? [] : [master.uuid],
    "slave-type": master === undefined ? [] : [master.type],
  });
  const card = withKeys(base, "ethernet", {
    mtu: mtu === undefined ? [] : [String(mtu.size)],
    "cloned-mac-address": mac === undefined ? [] : [mac.address],
  });
  const kind = withKind(card, wanted);
  if (master !== undefined) return kind;
  return withProtocol(withProtocol(kind, "ipv4", wanted), "ipv6", wanted);
}

/** What a bridge takes over from the profile of its port: name servers, routes, not the addresses. */
export const carriedSections = (ini: IniFile): IniFile =>
  ini.filter(({ name }) => name === "ipv4" || name === "ipv6");
