/** What systemd-networkd's .network and .netdev files say of interfaces. */
import { basename, matchesGlob } from "node:path";
import { type HostInterface, type HostProtocol, portsOf } from "@vireo/model/node/host-interface";
import { BOND_OPTIONS, bondOf } from "./bond-options.ts";
import { type IniFile, iniValue, iniValues, parseIni } from "./ini-file.ts";
import { ethernet, type Files } from "./keeper.ts";

export interface NetworkdFile {
  readonly path: string;
  readonly ini: IniFile;
}

/**
 * Files with an ending, in networkd's order: by name, whatever the directory; of two with one name that
 * of the first directory counts.
 */
export function filesWith(files: Files, ending: ".network" | ".netdev"): readonly NetworkdFile[] {
  const byName = new Map<string, NetworkdFile>();
  for (const [path, text] of files)
    if (path.endsWith(ending) && !byName.has(basename(path)))
      byName.set(basename(path), { path, ini: parseIni(text) });
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

const patternsOf = ({ ini }: NetworkdFile): readonly string[] =>
  iniValues(ini, "Match", "Name").flatMap((value) => value.split(/\s+/));

/** The one interface that a file is about; undefined when it may be about several. */
export function onlyNameOf(file: NetworkdFile): string | undefined {
  const [name, ...others] = patternsOf(file);
  return name !== undefined && others.length === 0 && /^[^*?[!]+$/.test(name) ? name : undefined;
}

function matches(file: NetworkdFile, name: string): boolean {
  const patterns = patternsOf(file);
  const not = patterns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  return (
    !not.some((one) => matchesGlob(name, one)) &&
    patterns.some((one) => !one.startsWith("!") && matchesGlob(name, one))
  );
}

/** The file that networkd sets an interface up by. A match by anything but the name is not looked at. */
export const networkOf = (files: Files, name: string): NetworkdFile | undefined =>
  filesWith(files, ".network").find((file) => matches(file, name));

export const netdevOf = (files: Files, name: string): NetworkdFile | undefined =>
  filesWith(files, ".netdev").find(({ ini }) => iniValue(ini, "NetDev", "Name") === name);

const SAYS_YES = /^(1|yes|y|true|t|on)$/i;
export const saysYes = (text: string | undefined): boolean => SAYS_YES.test(text ?? "");

/** All addresses, also those of sections of their own. */
function addressesIn(ini: IniFile): NonNullable<HostProtocol["ips"]> {
  const all = [...iniValues(ini, "Network", "Address"), ...iniValues(ini, "Address", "Address")];
  return all.map((text) => {
    const [address = "", prefix] = text.split("/");
    return { address, ...(prefix === undefined ? {} : { prefix: Number(prefix) }) };
  });
}

export const gatewayRoute = (lines: IniFile[number]): boolean =>
  lines.name === "Route" &&
  iniValue([lines], "Route", "Gateway") !== undefined &&
  iniValue([lines], "Route", "Destination") === undefined;

function gatewaysIn(ini: IniFile): readonly string[] {
  const routes = ini.filter(gatewayRoute).flatMap((one) => iniValues([one], "Route", "Gateway"));
  return [...iniValues(ini, "Network", "Gateway"), ...routes];
}

const familyOf = (address: string): "ipv4" | "ipv6" => (address.includes(":") ? "ipv6" : "ipv4");

/** By which families DHCP is asked. */
function dhcpFamilies(ini: IniFile): readonly string[] {
  const text = iniValue(ini, "Network", "DHCP") ?? "no";
  return saysYes(text) || text === "both" ? ["ipv4", "ipv6"] : [text.replace(/^v/, "ipv")];
}

function dhcpIn(ini: IniFile, family: HostProtocol["family"]): Pick<HostProtocol, "dhcp"> {
  if (!dhcpFamilies(ini).includes(family)) return {};
  const useDns = iniValue(ini, family === "ipv4" ? "DHCPv4" : "DHCPv6", "UseDNS") ?? "yes";
  return { dhcp: saysYes(useDns) ? {} : { peerDns: false } };
}

function protocolOf(ini: IniFile, family: "ipv4" | "ipv6"): HostProtocol | undefined {
  const ips = addressesIn(ini).filter(({ address }) => familyOf(address) === family);
  const gateway = gatewaysIn(ini).find((one) => familyOf(one) === family);
  const asks = dhcpIn(ini, family);
  const accept = family === "ipv6" ? iniValue(ini, "Network", "IPv6AcceptRA") : "no";
  if (
    asks.dhcp === undefined &&
    ips.length === 0 &&
    gateway === undefined &&
    (accept ?? "no") === "no"
  )
    return undefined;
  return {
    family,
    // networkd hears routers unless it is told not to
    ...(saysYes(accept ?? "yes") && { autoconf: true }),
    ...asks,
    ...(ips.length > 0 && { ips }),
    ...(gateway !== undefined && { route: { gateway } }),
  };
}

/** Names of interfaces whose .network file makes them ports of this one. */
export const portsNamed = (files: Files, name: string, key: "Bridge" | "Bond"): readonly string[] =>
  filesWith(files, ".network")
    .filter(({ ini }) => iniValue(ini, "Network", key) === name)
    .flatMap((file) => onlyNameOf(file) ?? []);

/** What networkd makes of its own with a .netdev file, by the name that the kernel has for a bond's option. */
const BOND_KEYS: Readonly<Record<string, string>> = {
  mode: "Mode",
  miimon: "MIIMonitorSec",
  updelay: "UpDelaySec",
  downdelay: "DownDelaySec",
  arp_interval: "ARPIntervalSec",
  arp_ip_target: "ARPIPTargets",
  arp_validate: "ARPValidate",
};
export const bondKeyOf = (option: string): string | undefined => BOND_KEYS[option];

/** Milliseconds of `100ms`, or of `0.1` and `0.1s`. */
const milliseconds = (text: string): string =>
  text.endsWith("ms") ? text.slice(0, -2) : String(Number(text.replace(/s$/, "")) * 1000);

function bondIn(ini: IniFile): ReturnType<typeof bondOf> {
  const pairs = BOND_OPTIONS.flatMap((option) => {
    const key = BOND_KEYS[option];
    const value = key === undefined ? undefined : iniValue(ini, "Bond", key);
    if (key === undefined || value === undefined) return [];
    return [[option, key.endsWith("Sec") ? milliseconds(value) : value] as const];
  });
  return bondOf(Object.fromEntries(pairs));
}

/** The interface below a VLAN: whose .network file has it. */
export const parentOf = (files: Files, name: string): NetworkdFile | undefined =>
  filesWith(files, ".network").find(({ ini }) =>
    iniValues(ini, "Network", "VLAN")
      .flatMap((value) => value.split(/\s+/))
      .includes(name),
  );

function vlanIn(files: Files, name: string, ini: IniFile): HostInterface {
  const parent = parentOf(files, name);
  const below = parent === undefined ? undefined : onlyNameOf(parent);
  const tag = Number(iniValue(ini, "VLAN", "Id") ?? 0);
  return {
    type: "vlan",
    name,
    vlan: { tag, ...(below === undefined ? {} : { interface: { name: below } }) },
  };
}

function bridgeIn(files: Files, name: string, ini: IniFile): HostInterface {
  const stp = iniValue(ini, "Bridge", "STP");
  const delay = iniValue(ini, "Bridge", "ForwardDelaySec")?.replace(/s$/, "");
  return {
    type: "bridge",
    name,
    bridge: {
      ...(stp === undefined ? {} : { stp: saysYes(stp) }),
      ...(delay === undefined ? {} : { delay }),
      interfaces: portsNamed(files, name, "Bridge").map((port) => kindOf(files, port)),
    },
  };
}

function kindOf(files: Files, name: string): HostInterface {
  const ini = netdevOf(files, name)?.ini ?? [];
  const kind = iniValue(ini, "NetDev", "Kind");
  if (kind === "bridge") return bridgeIn(files, name, ini);
  if (kind === "vlan") return vlanIn(files, name, ini);
  if (kind !== "bond") return ethernet(name);
  const interfaces = portsNamed(files, name, "Bond").map((port) => kindOf(files, port));
  return { type: "bond", name, bond: { ...bondIn(ini), interfaces } };
}

/** The interface as the files define it; undefined when they do not. */
export function readNetworkd(files: Files, name: string): HostInterface | undefined {
  const network = networkOf(files, name);
  if (network === undefined && netdevOf(files, name) === undefined) return undefined;
  const ini = network?.ini ?? [];
  const policy = iniValue(ini, "Link", "ActivationPolicy") ?? "up";
  const mtu = Number(iniValue(ini, "Link", "MTUBytes"));
  const address = iniValue(ini, "Link", "MACAddress");
  const protocols = [protocolOf(ini, "ipv4"), protocolOf(ini, "ipv6")].filter(
    (one) => one !== undefined,
  );
  return {
    ...kindOf(files, name),
    start: { mode: /^(manual|always-down|down)$/.test(policy) ? "none" : "onboot" },
    ...(Number.isNaN(mtu) ? {} : { mtu: { size: mtu } }),
    ...(protocols.length === 0 ? {} : { protocols }),
    ...(address === undefined ? {} : { mac: { address } }),
  };
}

/** Names of all interfaces that have a file of their own and are no ports of another. */
export function networkdNames(files: Files): readonly string[] {
  const names = new Set([
    ...filesWith(files, ".network").flatMap((file) => onlyNameOf(file) ?? []),
    ...filesWith(files, ".netdev").flatMap(({ ini }) => iniValue(ini, "NetDev", "Name") ?? []),
  ]);
  const ports = [...names].flatMap((name) => portsOf(kindOf(files, name)));
  for (const { name } of ports) names.delete(name ?? "");
  return [...names];
}
