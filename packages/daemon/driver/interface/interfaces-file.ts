/** ifupdown's file of definitions, /etc/network/interfaces: what is not about an interface stays as it is. */
import type { HostInterface } from "@vireo/model/node/host-interface";

/** A stanza with its lines as they stand there: comments before the first one belong to no interface. */
interface Stanza {
  readonly word: string;
  /** What the stanza is about. */
  readonly names: readonly string[];
  readonly lines: readonly string[];
}

const HEADS =
  /^\s*(auto|allow-\S+|iface|mapping|source|source-directory|no-auto-down|no-scripts)\s+(.*)$/;

function stanzasOf(text: string): readonly Stanza[] {
  const found: { word: string; names: readonly string[]; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const [, word, rest = ""] = HEADS.exec(line) ?? [];
    const names = rest.trim().split(/\s+/);
    if (word !== undefined)
      found.push({ word, names: word === "iface" ? names.slice(0, 1) : names, lines: [line] });
    else {
      const last = found.at(-1) ?? { word: "", names: [], lines: [] };
      if (found.length === 0) found.push(last);
      last.lines.push(line);
    }
  }
  return found;
}

type Options = ReadonlyMap<string, string>;

function optionsOf({ lines }: Stanza): Options {
  const pairs = lines
    .slice(1)
    .map((line) => /^\s+([\w-]+)\s+(.*?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = "", value = ""]): [string, string] => [name.replaceAll("_", "-"), value]);
  return new Map(pairs);
}

type Protocol = NonNullable<HostInterface["protocols"]>[number];

function addressOf(options: Options): Pick<Protocol, "ips"> {
  const [address = "", length] = (options.get("address") ?? "").split("/");
  const prefix = Number(length ?? options.get("netmask") ?? Number.NaN);
  if (address === "") return {};
  return { ips: [{ address, ...(Number.isNaN(prefix) ? {} : { prefix }) }] };
}

/** `iface NAME inet static`; undefined for a family or method that says nothing of addresses. */
function protocolOf(stanza: Stanza): Protocol | undefined {
  const [, , family = "", method = ""] = (stanza.lines[0] ?? "").trim().split(/\s+/);
  const options = optionsOf(stanza);
  const gateway = options.get("gateway");
  const of = { family: family === "inet6" ? ("ipv6" as const) : ("ipv4" as const) };
  if (method === "dhcp") return { ...of, dhcp: {} };
  if (method === "auto") return { ...of, autoconf: true };
  if (method !== "static") return undefined;
  return {
    ...of,
    ...addressOf(options),
    ...(gateway === undefined ? {} : { route: { gateway } }),
  };
}

const portsOf = (text: string): readonly HostInterface[] =>
  text
    .split(/\s+/)
    .filter((name) => name !== "" && name !== "none")
    .map((name) => ({ type: "ethernet", name }));

/** What the options make of the interface. */
function kindOf(options: Options, name: string): HostInterface {
  const ports = options.get("bridge-ports");
  const stp = options.get("bridge-stp");
  const delay = options.get("bridge-fd");
  if (ports !== undefined)
    return {
      type: "bridge",
      name,
      bridge: {
        ...(stp === undefined ? {} : { stp: stp === "on" }),
        ...(delay === undefined ? {} : { delay }),
        interfaces: portsOf(ports),
      },
    };
  const below = options.get("vlan-raw-device");
  const [, parent = below, tag] = /^(.+)\.(\d+)$/.exec(name) ?? /^(vlan)(\d+)$/.exec(name) ?? [];
  if (tag !== undefined && parent !== undefined)
    return { type: "vlan", name, vlan: { tag: Number(tag), interface: { name: below ?? parent } } };
  return { type: "ethernet", name };
}

/** The interface as the file defines it; undefined when it does not. */
export function readInterface(text: string, name: string): HostInterface | undefined {
  const all = stanzasOf(text);
  const own = all.filter(({ word, names }) => word === "iface" && names.includes(name));
  if (own.length === 0) return undefined;
  const options = new Map(own.flatMap((stanza) => [...optionsOf(stanza)]));
  const starts = (word: string): boolean =>
    all.some((stanza) => stanza.word === word && stanza.names.includes(name));
  const mode = starts("auto") ? "onboot" : starts("allow-hotplug") ? "hotplug" : "none";
  const protocols = own.map(protocolOf).filter((one) => one !== undefined);
  const mtu = Number(options.get("mtu"));
  return {
    ...kindOf(options, name),
    start: { mode },
    ...(Number.isNaN(mtu) ? {} : { mtu: { size: mtu } }),
    ...(protocols.length === 0 ? {} : { protocols }),
  };
}

/** Names of all interfaces that the file defines, in its order. */
export const definedNames = (text: string): readonly string[] => [
  ...new Set(
    stanzasOf(text)
      .filter(({ word }) => word === "iface")
      .flatMap(({ names }) => names),
  ),
];

/** Other files that are read with this one. */
export const hasSources = (text: string): boolean =>
  stanzasOf(text).some(({ word }) => word.startsWith("source"));

/** A list of names without some of them; nothing when none is left. */
function without({ word, names, lines }: Stanza, gone: ReadonlySet<string>): readonly string[] {
  if (!names.some((name) => gone.has(name))) return lines;
  if (word === "iface") return [];
  const left = names.filter((name) => !gone.has(name));
  return [...(left.length === 0 ? [] : [`${word} ${left.join(" ")}`]), ...lines.slice(1)];
}

/** The file without the definitions of these interfaces. */
export function removeInterfaces(text: string, names: readonly string[]): string {
  const gone = new Set(names);
  const kept = stanzasOf(text).flatMap((stanza) =>
    stanza.word.startsWith("source") ? stanza.lines : without(stanza, gone),
  );
  return `${kept.join("\n").trimEnd()}\n`.replace(/^\n$/, "");
}

function kindOptions(wanted: HostInterface): readonly string[] {
  const { bridge, vlan, bond } = wanted;
  const names = (all: readonly HostInterface[] | undefined): string =>
    (all ?? []).flatMap(({ name }) => name ?? []).join(" ") || "none";
  return [
    ...(bridge === undefined ? [] : [`bridge_ports ${names(bridge.interfaces)}`]),
    ...(bridge?.stp === undefined ? [] : [`bridge_stp ${bridge.stp ? "on" : "off"}`]),
    ...(bridge?.delay === undefined ? [] : [`bridge_fd ${bridge.delay}`]),
    ...(vlan?.interface === undefined ? [] : [`vlan-raw-device ${vlan.interface.name}`]),
    ...(bond === undefined ? [] : [`bond-slaves ${names(bond.interfaces)}`]),
    ...(bond?.mode === undefined ? [] : [`bond-mode ${bond.mode}`]),
  ];
}

function familyStanza(name: string, protocol: Protocol, more: readonly string[]): string {
  const { family, dhcp, autoconf, ips = [], route } = protocol;
  const method =
    dhcp !== undefined ? "dhcp" : autoconf === true ? "auto" : ips.length > 0 ? "static" : "manual";
  const [first] = ips;
  const prefix = first?.prefix === undefined ? "" : `/${first.prefix}`;
  const options = [
    ...(first === undefined ? [] : [`address ${first.address}${prefix}`]),
    ...ips.slice(1).map((ip) => `up ip address add ${ip.address}/${ip.prefix ?? 32} dev ${name}`),
    ...(route === undefined ? [] : [`gateway ${route.gateway}`]),
    ...more,
  ];
  const head = `iface ${name} ${family === "ipv6" ? "inet6" : "inet"} ${method}`;
  return [head, ...options.map((option) => `    ${option}`)].join("\n");
}

const MANUAL: Protocol = { family: "ipv4" };

/** The stanzas of an interface. */
export function interfaceText(name: string, wanted: HostInterface): string {
  const { start, mtu, protocols = [] } = wanted;
  const boot = start?.mode === "onboot" ? [`auto ${name}`] : [];
  const plug = start?.mode === "hotplug" ? [`allow-hotplug ${name}`] : [];
  const size = mtu === undefined ? [] : [`mtu ${mtu.size}`];
  const [first = MANUAL, ...others] = protocols;
  return [
    ...boot,
    ...plug,
    familyStanza(name, first, [...kindOptions(wanted), ...size]),
    ...others.map((protocol) => familyStanza(name, protocol, [])),
    "",
  ].join("\n");
}
