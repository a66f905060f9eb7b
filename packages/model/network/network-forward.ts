/** How a virtual network reaches the world. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr } from "../schema/member.ts";
import { hex, oneOf, string, uint, uintTo, yesNo } from "../schema/scalar.ts";

export const FORWARD_MODES = [
  "nat",
  "route",
  "open",
  "bridge",
  "private",
  "vepa",
  "passthrough",
  "hostdev",
] as const;
export type ForwardMode = (typeof FORWARD_MODES)[number];

const connections = attr(uint, { doc: "Guests that use it.", show: "live" });

const Nat = element("nat", "Translation of addresses.", {
  ipv6: attr(yesNo, { doc: "IPv6 too.", omit: false }),
  address: child(
    element("address", "Addresses that guests appear with.", {
      start: requiredAttr(string, { doc: "First." }),
      end: requiredAttr(string, { doc: "Last." }),
    }),
    { doc: "Addresses that guests appear with." },
  ),
  port: child(
    element("port", "Ports that guests appear with.", {
      start: requiredAttr(uintTo(65_535), { doc: "First." }),
      end: requiredAttr(uintTo(65_535), { doc: "Last." }),
    }),
    { doc: "Ports that guests appear with." },
  ),
});

export const ForwardInterface = element("interface", "An interface of the host.", {
  dev: requiredAttr(string, {
    doc: "Name.",
    missing: "Missing required dev attribute in <forward> <interface> element",
  }),
  connections,
});
export type ForwardInterface = Infer<typeof ForwardInterface>;

export const NetworkForward = element("forward", "How the network reaches the world.", {
  dev: attr(string, { doc: "Interface of the host." }),
  mode: attr(oneOf(...FORWARD_MODES), {
    doc: "How.",
    default: "nat",
    invalid: "unknown forwarding type '%s'",
    fault: "configUnsupported",
  }),
  managed: attr(yesNo, { doc: "Detach devices from their host driver." }),
  driver: child(
    element("driver", "Driver of assigned devices.", {
      name: attr(oneOf("kvm", "vfio"), { doc: "Name." }),
    }),
    { doc: "Driver of assigned devices." },
  ),
  nat: child(Nat, { doc: "Translation of addresses." }),
  pf: child(
    element("pf", "Physical function whose virtual functions are used.", {
      dev: requiredAttr(string, { doc: "Interface of the host." }),
      connections,
    }),
    {
      doc: "Physical function whose virtual functions are used.",
      single: {
        message: "Only one <pf> element is allowed in <forward> of network %n",
        fault: "xmlError",
      },
    },
  ),
  interfaces: children(ForwardInterface, { doc: "Interfaces of the host." }),
  addresses: children(
    element("address", "A PCI device of the host.", {
      type: attr(oneOf("pci"), { doc: "Kind of bus." }),
      domain: attr(hex(4), { doc: "PCI domain.", default: 0 }),
      bus: attr(hex(2), { doc: "PCI bus." }),
      slot: attr(hex(2), { doc: "PCI slot." }),
      function: attr(hex(1), { doc: "PCI function." }),
      connections,
    }),
    { doc: "PCI devices of the host." },
  ),
});
export type NetworkForward = Infer<typeof NetworkForward>;
