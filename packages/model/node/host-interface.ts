/** `<interface>` of `iface-*`: how an interface of the host is set up. */
import { virError, type VireoError } from "../error.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { mac } from "../mac.ts";
import type { Element } from "../schema/declaration.ts";
import { element, type Infer, lazy } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import {
  attr,
  child,
  children,
  choice,
  discriminant,
  flag,
  requiredAttr,
} from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { oneOf, onOff, string, uint, yesNo } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";

const Protocol = element(
  "protocol",
  "Addresses of one family.",
  {
    family: requiredAttr(oneOf("ipv4", "ipv6"), {
      doc: "Family.",
      missing: "protocol misses the family attribute",
      invalid: "unsupported protocol family '%s'",
    }),
    autoconf: flag({ doc: "IPv6: by router advertisements." }),
    dhcp: child(
      element(
        "dhcp",
        "From a DHCP server.",
        { peerDns: attr(yesNo, { name: "peerdns", doc: "Take its name servers too." }) },
        { empty: true },
      ),
      { doc: "From a DHCP server." },
    ),
    ips: children(
      element("ip", "An address.", {
        address: requiredAttr(string, { doc: "Address." }),
        prefix: attr(uint, { doc: "Length of the network's prefix." }),
      }),
      { doc: "Addresses." },
    ),
    route: child(
      element("route", "Default route.", { gateway: requiredAttr(string, { doc: "Router." }) }),
      { doc: "Default route." },
    ),
  },
  { empty: "open" },
);

const MIIMON = "bond interface miimon freq missing or invalid";
const ARPMON = "bond interface arpmon interval missing or invalid";
const VLAN_BELOW = "vlan interface misses name attribute";

/** How a bond's interfaces share, in the order of the kernel's numbers. */
export const BOND_MODES = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;

/** Whose answers a bond takes to its ARP questions. */
export const BOND_VALIDATES = ["none", "active", "backup", "all"] as const;

const Bond = element(
  "bond",
  "Several interfaces as one.",
  {
    mode: attr(oneOf(...BOND_MODES), {
      doc: "How they share.",
      invalid: "unknown bonding mode %s",
    }),
    miiMonitor: child(
      element("miimon", "Links are watched.", {
        freq: requiredAttr(uint, {
          doc: "Milliseconds between looks.",
          missing: MIIMON,
          invalid: MIIMON,
        }),
        downDelay: attr(uint, {
          name: "downdelay",
          doc: "Milliseconds until down.",
          invalid: "bond interface miimon downdelay invalid",
        }),
        upDelay: attr(uint, {
          name: "updelay",
          doc: "Milliseconds until up.",
          invalid: "bond interface miimon updelay invalid",
        }),
        carrier: attr(oneOf("ioctl", "netif"), {
          doc: "How.",
          invalid: "unknown mii bonding carrier %s",
        }),
      }),
      { doc: "Links are watched." },
    ),
    arpMonitor: child(
      element("arpmon", "A neighbour is asked.", {
        interval: requiredAttr(uint, {
          doc: "Milliseconds between questions.",
          missing: ARPMON,
          invalid: ARPMON,
        }),
        target: requiredAttr(string, {
          doc: "The neighbour.",
          missing: "bond interface arpmon target missing",
        }),
        validate: attr(oneOf(...BOND_VALIDATES), {
          doc: "Whose answers count.",
          invalid: "unknown arp bonding validate %s",
        }),
      }),
      { doc: "A neighbour is asked." },
    ),
    interfaces: children(
      lazy(() => HostInterface),
      { doc: "The interfaces." },
    ),
  },
  { empty: "open" },
);
const Bridge = element(
  "bridge",
  "A bridge.",
  {
    stp: attr(onOff, { doc: "Spanning tree." }),
    delay: attr(string, { doc: "Seconds before a new port forwards." }),
    interfaces: children(
      lazy(() => HostInterface),
      { doc: "Its ports." },
    ),
  },
  { empty: "open" },
);
const Vlan = element("vlan", "A VLAN.", {
  tag: requiredAttr(uint, {
    doc: "VLAN id.",
    missing: "vlan interface misses the tag attribute",
  }),
  interface: child(
    element("interface", "Interface below it.", {
      name: requiredAttr(string, { doc: "Name.", missing: VLAN_BELOW }),
    }),
    { doc: "Interface below it." },
  ),
});

/** States of a link, as the kernel's `operstate` has them. */
export const LINK_STATES = [
  "unknown",
  "notpresent",
  "down",
  "lowerlayerdown",
  "testing",
  "dormant",
  "up",
] as const;

const Link = element("link", "The cable.", {
  speed: attr(uint, { doc: "Mbit/s." }),
  state: attr(oneOf(...LINK_STATES), { doc: "State." }),
});

export type HostProtocol = Infer<typeof Protocol>;

/** Also what stands inside a bridge or a bond. Its type stands by hand for it contains itself. */
export interface HostInterface {
  readonly type: "ethernet" | "bridge" | "bond" | "vlan";
  readonly name?: string;
  readonly start?: { readonly mode: "onboot" | "none" | "hotplug" };
  readonly mtu?: { readonly size: number };
  readonly protocols?: readonly HostProtocol[];
  readonly link?: Infer<typeof Link>;
  readonly mac?: { readonly address: string };
  readonly bridge?: {
    readonly stp?: boolean;
    readonly delay?: string;
    readonly interfaces?: readonly HostInterface[];
  };
  readonly bond?: {
    readonly mode?: (typeof BOND_MODES)[number];
    readonly miiMonitor?: {
      readonly freq: number;
      readonly downDelay?: number;
      readonly upDelay?: number;
      readonly carrier?: "ioctl" | "netif";
    };
    readonly arpMonitor?: {
      readonly interval: number;
      readonly target: string;
      readonly validate?: (typeof BOND_VALIDATES)[number];
    };
    readonly interfaces?: readonly HostInterface[];
  };
  readonly vlan?: { readonly tag: number; readonly interface?: { readonly name: string } };
}
const Declared = element(
  "interface",
  "An interface of the host.",
  {
    type: discriminant(["ethernet", "bridge", "bond", "vlan"], {
      doc: "Kind.",
    }),
    name: attr(string, { doc: "Name." }),
    start: child(
      element("start", "When it is set up.", {
        mode: requiredAttr(oneOf("onboot", "none", "hotplug"), {
          doc: "When.",
          invalid: "unknown interface startmode %s",
        }),
      }),
      { doc: "When it is set up." },
    ),
    mtu: child(element("mtu", "Largest packet.", { size: requiredAttr(uint, { doc: "Bytes." }) }), {
      doc: "Largest packet.",
    }),
    protocols: children(Protocol, { doc: "Addresses by family." }),
    link: child(Link, { doc: "The cable." }),
    mac: child(
      element("mac", "MAC address.", { address: requiredAttr(mac, { doc: "Address." }) }),
      { doc: "MAC address." },
    ),
    bridge: choice({ bridge: child(Bridge, { doc: "The bridge." }) }),
    bond: choice({ bond: child(Bond, { doc: "The bond." }) }),
    vlan: choice({ vlan: child(Vlan, { doc: "The VLAN." }) }),
  },
  { empty: "open" },
);
export const HostInterface: Element<HostInterface> = Declared as Element<HostInterface>;

/** @throws VireoError `xmlError` */
export function parseHostInterface(xml: string): HostInterface {
  const root = readDocument(xml, { root: "interface", label: "interface_definition" });
  const issues: Issue[] = [];
  const value = parse(HostInterface, root, issues);
  throwFirst(issues, ErrorDomain.interface);
  mustBeWhole(value, ["ethernet", "bridge", "bond", "vlan"]);
  return ofItsKind(value);
}

const fault = (message: string): VireoError =>
  virError("xmlError", message, { from: ErrorDomain.interface });

/** Of the twelve bits that a frame has for it. */
const TAG_MAX = 4095;

/** What may be a port of what. */
const INSIDE = {
  ethernet: [],
  vlan: [],
  bridge: ["ethernet", "bond", "vlan"],
  bond: ["ethernet"],
} as const;

/** @throws VireoError `xmlError` for what has no name, or not the element of its kind */
function mustBeWhole(host: HostInterface, kinds: readonly HostInterface["type"][]): void {
  const { type, name, vlan } = host;
  if (name === undefined) throw fault("interface has no name");
  if (!kinds.includes(type)) throw fault(`interface has unsupported type '${type}'`);
  if (type !== "ethernet" && host[type] === undefined)
    throw fault(`${type} interface misses the ${type} element`);
  if (type === "vlan" && vlan?.interface === undefined) throw fault(VLAN_BELOW);
  if (vlan !== undefined && vlan.tag > TAG_MAX)
    throw fault(`vlan tag id ${vlan.tag} too large (maximum ${TAG_MAX})`);
  for (const port of portsOf(host)) mustBeWhole(port, INSIDE[type]);
}

/** Only a card has a MAC address to be told by; other kinds have what their ports have. */
function ofItsKind({ mac: address, ...host }: HostInterface): HostInterface {
  const own = host.type === "ethernet" && address !== undefined ? { mac: address } : {};
  const { bridge, bond } = host;
  return {
    ...host,
    ...own,
    ...(bridge?.interfaces && {
      bridge: { ...bridge, interfaces: bridge.interfaces.map(ofItsKind) },
    }),
    ...(bond?.interfaces && { bond: { ...bond, interfaces: bond.interfaces.map(ofItsKind) } }),
  };
}

/** Interfaces that are set up with this one: a bridge's ports, a bond's too. */
export const portsOf = ({ bridge, bond }: HostInterface): readonly HostInterface[] => [
  ...(bridge?.interfaces ?? []),
  ...(bond?.interfaces ?? []),
];

/** Names of all interfaces that a definition is about: its own, and those of its ports at every depth. */
export const namesWithin = (host: HostInterface): readonly string[] => [
  ...(host.name === undefined ? [] : [host.name]),
  ...portsOf(host).flatMap(namesWithin),
];

export const formatHostInterface = (host: HostInterface): string => format(HostInterface, host);
