/** `<network>`: a virtual network. */
import { Bandwidth, VirtualPort, Vlan } from "../domain/device/net-switch.ts";
import { mac } from "../mac.ts";
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, raw, requiredAttr, requiredText, text } from "../schema/member.ts";
import { oneOf, onOff, string, uint, yesNo } from "../schema/scalar.ts";
import { uuid } from "../uuid.ts";
import { onePerNamespace } from "../xml/one-per-namespace.ts";
import { NetworkDns } from "./network-dns.ts";
import { NetworkForward } from "./network-forward.ts";
import { NetworkIp, NetworkRoute } from "./network-ip.ts";

const DNSMASQ = {
  prefix: "dnsmasq",
  uri: "http://libvirt.org/schemas/network/dnsmasq/1.0",
} as const;

const port = {
  vlan: child(Vlan, { doc: "VLANs of its guests." }),
  bandwidth: child(Bandwidth, { doc: "Limits on throughput." }),
};
const virtualPort = child(VirtualPort, { doc: "How guests are known to a switch." });

export const PortGroup = element(
  "portgroup",
  "Settings that guests can choose by name.",
  {
    name: requiredAttr(string, {
      doc: "Name.",
      missing: "Missing required name attribute in portgroup",
    }),
    isDefault: attr(yesNo, { name: "default", doc: "For guests that choose none.", omit: false }),
    trustGuestRxFilters: attr(yesNo, { doc: "Believe the guest's filters." }),
    vlan: port.vlan,
    virtualPort,
    bandwidth: port.bandwidth,
  },
  { empty: "open" },
);
export type PortGroup = Infer<typeof PortGroup>;

const Bridge = element("bridge", "The bridge guests are joined to.", {
  name: attr(string, { doc: "Name." }),
  zone: attr(string, { doc: "Zone of firewalld." }),
  stp: attr(onOff, { doc: "Spanning tree." }),
  delay: attr(uint, { doc: "Seconds before a new port forwards." }),
  macTableManager: attr(oneOf("kernel", "libvirt"), { doc: "Who keeps the bridge's table." }),
});

const DnsmasqOptions = element(
  "options",
  "Lines for dnsmasq, passed on unread.",
  {
    options: children(
      element(
        "option",
        "One line.",
        { value: requiredAttr(string, { doc: "The line." }) },
        { namespace: DNSMASQ },
      ),
      { doc: "Lines." },
    ),
  },
  { namespace: DNSMASQ },
);

export const Network = element("network", "A virtual network.", {
  connections: attr(uint, { doc: "Guests that use it.", show: "live" }),
  ipv6: attr(yesNo, { doc: "IPv6 between guests although there is no address.", omit: false }),
  trustGuestRxFilters: attr(yesNo, { doc: "Believe the guests' filters." }),
  name: requiredText(string, {
    doc: "Name, unique on the host.",
    missing: "",
    missingFault: "noName",
  }),
  uuid: text(uuid, { doc: "UUID.", invalid: "malformed uuid element" }),
  metadata: raw({ doc: "Of applications.", prepare: onePerNamespace }),
  forward: child(NetworkForward, { doc: "How it reaches the world." }),
  bridge: child(Bridge, { doc: "The bridge." }),
  mtu: child(
    element("mtu", "Largest packet.", {
      size: requiredAttr(uint, { doc: "Bytes.", invalid: "Invalid mtu size '%s' in network '%n'" }),
    }),
    { doc: "Largest packet." },
  ),
  mac: child(
    element("mac", "MAC address of the bridge.", {
      address: requiredAttr(mac, {
        doc: "Address.",
        invalid: "Invalid bridge mac address '%s' in network '%n'",
      }),
    }),
    { doc: "MAC address of the bridge." },
  ),
  domain: child(
    element("domain", "DNS domain.", {
      name: requiredAttr(string, { doc: "Name." }),
      localOnly: attr(yesNo, { doc: "Its names are never asked elsewhere." }),
    }),
    { doc: "DNS domain." },
  ),
  dns: child(NetworkDns, { doc: "The DNS server." }),
  ...port,
  port: child(
    element("port", "Options of the guests' ports.", {
      isolated: attr(yesNo, { doc: "Keep guests apart." }),
    }),
    { doc: "Options of the guests' ports." },
  ),
  ips: children(NetworkIp, { doc: "Addresses of the bridge." }),
  routes: children(NetworkRoute, { doc: "Routes of the host by way of the network." }),
  virtualPort,
  portGroups: children(PortGroup, { doc: "Settings that guests can choose by name." }),
  dnsmasqOptions: child(DnsmasqOptions, { doc: "Lines for dnsmasq." }),
});
/** As written. */
export type WrittenNetwork = Infer<typeof Network>;
/** With everything in its place: see `parseNetwork`. */
export type Network = WrittenNetwork & { readonly uuid: string };
