/** Addresses and routes given to an interface, in the guest (containers) or on the host side. */
import { element } from "../../schema/element.ts";
import { attr, children, requiredAttr } from "../../schema/member.ts";
import { oneOf, string, uint } from "../../schema/scalar.ts";

const Ip = element("ip", "An address.", {
  address: requiredAttr(string, { doc: "IP address.", missing: "Missing network address" }),
  family: attr(oneOf("ipv4", "ipv6"), { doc: "Family." }),
  prefix: attr(uint, { doc: "Length of the network prefix." }),
  peer: attr(string, { doc: "Address of the other end." }),
});
const Route = element("route", "A route.", {
  family: attr(oneOf("ipv4", "ipv6"), { doc: "Family." }),
  address: attr(string, { doc: "Network." }),
  netmask: attr(string, { doc: "Mask of the network." }),
  prefix: attr(uint, { doc: "Length of the network prefix." }),
  gateway: attr(string, { doc: "Router." }),
  metric: attr(uint, { doc: "Preference; smaller wins." }),
});
export const netIp = {
  ips: children(Ip, { doc: "Addresses." }),
  routes: children(Route, { doc: "Routes." }),
};
