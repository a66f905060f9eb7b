/** ifupdown's file of definitions, /etc/network/interfaces: its stanzas and what they say of interfaces. */
import { type HostInterface, type HostProtocol, portsOf } from "@vireo/model/node/host-interface";
import { BOND_OPTIONS, bondOf } from "./bond-options.ts";
import { ethernet } from "./keeper.ts";

/** A stanza with its lines as they stand there: comments before the first one belong to no interface. */
export interface Stanza {
  readonly word: string;
  /** What the stanza is about. */
  readonly names: readonly string[];
  readonly lines: readonly string[];
}

const HEADS =
  /^\s*(auto|allow-\S+|iface|mapping|source|source-directory|no-auto-down|no-scripts)\s+(.*)$/;

export function stanzasOf(text: string): readonly Stanza[] {
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

/** `iface` stanzas of an interface. */
export const stanzasAbout = (text: string, name: string): readonly Stanza[] =>
  stanzasOf(text).filter(({ word, names }) => word === "iface" && names.includes(name));

/** Family and method of an `iface` stanza. */
export function methodOf({ lines: [head = ""] }: Stanza): { family: string; method: string } {
  const [, , family = "", method = ""] = head.trim().split(/\s+/);
  return { family, method };
}

type Options = ReadonlyMap<string, string>;

/** The name of an option's line: both spellings are the same to ifupdown. */
export function optionIn(line: string): readonly [string, string] | undefined {
  const [, name, value = ""] = /^\s+([\w-]+)\s+(.*?)\s*$/.exec(line) ?? [];
  return name === undefined ? undefined : [name.replaceAll("_", "-"), value];
}

const optionsOf = ({ lines }: Stanza): Options =>
  new Map(
    lines
      .slice(1)
      .map(optionIn)
      .filter((pair) => pair !== undefined),
  );

function addressOf(options: Options): Pick<HostProtocol, "ips"> {
  const [address = "", length] = (options.get("address") ?? "").split("/");
  const prefix = length ?? prefixOfMask(options.get("netmask"));
  if (address === "") return {};
  return { ips: [{ address, ...(prefix === undefined ? {} : { prefix: Number(prefix) }) }] };
}

/** `255.255.255.0` or `24`. */
function prefixOfMask(mask: string | undefined): string | undefined {
  if (mask?.includes(".") !== true) return mask;
  const bits = mask.split(".").map((part) => Number(part).toString(2).replaceAll("0", "").length);
  return String(bits.reduce((sum, one) => sum + one, 0));
}

/** `iface NAME inet static`; undefined for a family or method that says nothing of addresses. */
function protocolOf(stanza: Stanza): HostProtocol | undefined {
  const { family, method } = methodOf(stanza);
  const options = optionsOf(stanza);
  const gateway = options.get("gateway");
  const of = { family: family === "inet6" ? ("ipv6" as const) : ("ipv4" as const) };
  if (method === "dhcp") return { ...of, dhcp: {} };
  if (method === "auto")
    return { ...of, autoconf: true, ...(options.get("dhcp") === "1" ? { dhcp: {} } : {}) };
  if (method !== "static") return undefined;
  return {
    ...of,
    ...addressOf(options),
    ...(gateway === undefined ? {} : { route: { gateway } }),
  };
}

/** Several stanzas of one family add up. */
function protocolsOf(stanzas: readonly Stanza[]): readonly HostProtocol[] {
  const all = stanzas.map(protocolOf).filter((one) => one !== undefined);
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const [first, ...others] = all.filter((one) => one.family === family);
    if (first === undefined) return [];
    const merged = others.reduce((sum, one) => ({ ...sum, ...one }), first);
    const ips = [first, ...others].flatMap((one) => one.ips ?? []);
    return [{ ...merged, ...(ips.length === 0 ? {} : { ips }) }];
  });
}

const namesIn = (text: string): readonly string[] =>
  text.split(/\s+/).filter((name) => name !== "" && name !== "none");

/** What the options make of the interface. */
function kindOf(text: string, name: string, options: Options): HostInterface {
  const inside = (names: string): readonly HostInterface[] =>
    namesIn(names).map((port) => (port === name ? ethernet(port) : readPort(text, port)));
  const ports = options.get("bridge-ports");
  const stp = options.get("bridge-stp");
  const delay = options.get("bridge-fd");
  if (ports !== undefined)
    return {
      type: "bridge",
      name,
      bridge: {
        ...(stp === undefined ? {} : { stp: stp === "on" || stp === "yes" }),
        ...(delay === undefined ? {} : { delay }),
        interfaces: inside(ports),
      },
    };
  const slaves = options.get("bond-slaves");
  if (slaves !== undefined)
    return { type: "bond", name, bond: { ...bondIn(options), interfaces: inside(slaves) } };
  const below = options.get("vlan-raw-device");
  const [, parent = below, tag] = /^(.+)\.(\d+)$/.exec(name) ?? /^(vlan)(\d+)$/.exec(name) ?? [];
  if (tag !== undefined && parent !== undefined)
    return { type: "vlan", name, vlan: { tag: Number(tag), interface: { name: below ?? parent } } };
  return ethernet(name);
}

const bondIn = (options: Options): ReturnType<typeof bondOf> =>
  bondOf(
    Object.fromEntries(
      BOND_OPTIONS.flatMap((key) => {
        const value = options.get(`bond-${key.replaceAll("_", "-")}`);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  );

/** A port with what is its own; a bridge is never inside anything. */
function readPort(text: string, name: string): HostInterface {
  const options = allOptions(stanzasAbout(text, name));
  const kind = kindOf(text, name, options);
  return kind.type === "bridge" ? ethernet(name) : kind;
}

const allOptions = (stanzas: readonly Stanza[]): Options =>
  new Map(stanzas.flatMap((stanza) => [...optionsOf(stanza)]));

/** The interface as the file defines it; undefined when it does not. */
export function readInterface(text: string, name: string): HostInterface | undefined {
  const all = stanzasOf(text);
  const own = stanzasAbout(text, name);
  if (own.length === 0) return undefined;
  const options = allOptions(own);
  const starts = (word: string): boolean =>
    all.some((stanza) => stanza.word === word && stanza.names.includes(name));
  const mode = starts("auto") ? "onboot" : starts("allow-hotplug") ? "hotplug" : "none";
  const protocols = protocolsOf(own);
  const mtu = Number(options.get("mtu"));
  const address = options.get("hwaddress")?.replace(/^ether\s+/, "");
  return {
    ...kindOf(text, name, options),
    start: { mode },
    ...(Number.isNaN(mtu) ? {} : { mtu: { size: mtu } }),
    ...(protocols.length === 0 ? {} : { protocols }),
    ...(address === undefined ? {} : { mac: { address } }),
  };
}

/** Names of all interfaces that the file defines and that are no ports of another, in its order. */
export function definedNames(text: string): readonly string[] {
  const heads = stanzasOf(text).filter(({ word }) => word === "iface");
  const names = new Set(heads.flatMap((stanza) => stanza.names));
  const inside = [...names].flatMap((name) => {
    const found = readInterface(text, name);
    return found === undefined ? [] : portsOf(found).flatMap((port) => port.name ?? []);
  });
  for (const port of inside) names.delete(port);
  return [...names];
}

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
  const stanzas = stanzasOf(text);
  // what is not about them is not to change by a byte
  if (
    !stanzas.some(({ word, names: about }) => !isSource(word) && about.some((one) => gone.has(one)))
  )
    return text;
  const kept = stanzas.flatMap((stanza) =>
    isSource(stanza.word) ? stanza.lines : without(stanza, gone),
  );
  return `${kept.join("\n").trimEnd()}\n`.replace(/^\n$/, "");
}

const isSource = (word: string): boolean => word.startsWith("source");
