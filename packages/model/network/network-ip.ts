/** Addresses of a virtual network's bridge, with the DHCP and TFTP server that listens there. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr } from "../schema/member.ts";
import { oneOf, string, uint, ulong, yesNo } from "../schema/scalar.ts";
import { mac } from "../mac.ts";
import { ip } from "./ip-address.ts";

const Lease = element("lease", "How long an address is given for.", {
  expiry: requiredAttr(ulong, { doc: "Time; 0 for ever." }),
  unit: attr(oneOf("seconds", "minutes", "hours"), { doc: "Unit of the time; minutes." }),
});
const lease = child(Lease, { doc: "How long an address is given for." });

export const DhcpRange = element("range", "Addresses that are given to whoever asks.", {
  start: requiredAttr(ip, {
    doc: "First address.",
    invalid: "Invalid dhcp range start '%s'",
    missing: "Missing 'start' attribute in dhcp range for network '%n'",
  }),
  end: requiredAttr(ip, {
    doc: "Last address.",
    invalid: "Invalid dhcp range end '%s'",
    missing: "Missing 'end' attribute in dhcp range for network '%n'",
  }),
  lease,
});
export type DhcpRange = Infer<typeof DhcpRange>;

export const DhcpHost = element("host", "A machine that always gets the same.", {
  mac: attr(mac, {
    doc: "Its MAC address; IPv4.",
    invalid: "Cannot parse MAC address '%s' in network '%n'",
  }),
  id: attr(string, { doc: "Its DUID; IPv6." }),
  name: attr(string, { doc: "Its name." }),
  ip: attr(ip, {
    doc: "Its address.",
    invalid: "Invalid IP address in static host definition for network '%n'",
  }),
  lease,
});
export type DhcpHost = Infer<typeof DhcpHost>;

const Dhcp = element(
  "dhcp",
  "A DHCP server.",
  {
    ranges: children(DhcpRange, { doc: "Addresses for whoever asks." }),
    hosts: children(DhcpHost, { doc: "Machines that always get the same." }),
    bootp: child(
      element("bootp", "Boot from the network.", {
        file: requiredAttr(string, { doc: "File to boot." }),
        server: attr(string, { doc: "Server that has it." }),
      }),
      { doc: "Boot from the network." },
    ),
  },
  { empty: "open" },
);

export const NetworkIp = element(
  "ip",
  "An address of the bridge.",
  {
    family: attr(oneOf("ipv4", "ipv6"), { doc: "Family; ipv4." }),
    address: requiredAttr(ip, { doc: "Address.", invalid: "Invalid address '%s' in network '%n'" }),
    netmask: attr(ip, { doc: "Mask of the network; IPv4." }),
    prefix: attr(uint, { doc: "Length of the network's prefix." }),
    localPtr: attr(yesNo, { doc: "Names of the addresses are not asked elsewhere.", omit: false }),
    tftp: child(
      element("tftp", "A TFTP server.", { root: requiredAttr(string, { doc: "Its directory." }) }),
      { doc: "A TFTP server." },
    ),
    dhcp: child(Dhcp, { doc: "A DHCP server." }),
  },
  { empty: "open" },
);
export type NetworkIp = Infer<typeof NetworkIp>;

export const NetworkRoute = element("route", "A route of the host by way of the network.", {
  family: attr(oneOf("ipv4", "ipv6"), { doc: "Family; ipv4." }),
  address: requiredAttr(ip, { doc: "Network." }),
  netmask: attr(ip, { doc: "Its mask." }),
  prefix: attr(uint, { doc: "Length of its prefix." }),
  gateway: requiredAttr(ip, { doc: "Router in this network." }),
  metric: attr(uint, { doc: "Preference; smaller wins." }),
});
export type NetworkRoute = Infer<typeof NetworkRoute>;
