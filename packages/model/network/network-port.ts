/** `<networkport>`: a guest's place in a virtual network. */
import { ErrorDomain } from "../error-catalogue.ts";
import { Bandwidth, VirtualPort, Vlan } from "../domain/device/net-switch.ts";
import { mac } from "../mac.ts";
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import {
  attr,
  child,
  choice,
  discriminant,
  requiredAttr,
  requiredText,
  text,
} from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { hex, oneOf, string, yesNo } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { LIVE_VIEW } from "../schema/view.ts";
import { uuid } from "../uuid.ts";
import { readDocument } from "../xml/read-document.ts";

const bridge = requiredAttr(string, { doc: "The bridge." });
const Address = element("address", "A PCI device of the host.", {
  domain: attr(hex(4), { doc: "PCI domain.", default: 0 }),
  bus: attr(hex(2), { doc: "PCI bus." }),
  slot: attr(hex(2), { doc: "PCI slot." }),
  function: attr(hex(1), { doc: "PCI function." }),
});

const Plug = element("plug", "What the guest is plugged into.", {
  type: discriminant(["none", "network", "bridge", "direct", "hostdev-pci"], { doc: "Kind." }),
  bridge: choice({ network: bridge, bridge }),
  macTableManager: choice({
    network: attr(oneOf("kernel", "libvirt"), { doc: "Who keeps the bridge's table." }),
    bridge: attr(oneOf("kernel", "libvirt"), { doc: "Who keeps the bridge's table." }),
  }),
  dev: choice({ direct: requiredAttr(string, { doc: "Interface of the host." }) }),
  mode: choice({
    direct: attr(oneOf("vepa", "private", "bridge", "passthrough"), { doc: "macvtap mode." }),
  }),
  managed: choice({
    "hostdev-pci": attr(yesNo, { doc: "Detach from its driver.", default: false }),
  }),
  driver: choice({
    "hostdev-pci": child(
      element("driver", "Driver.", { name: requiredAttr(oneOf("kvm", "vfio"), { doc: "Name." }) }),
      { doc: "Driver of the device." },
    ),
  }),
  address: choice({ "hostdev-pci": child(Address, { doc: "The device." }) }),
});

export const NetworkPort = element("networkport", "A guest's place in a virtual network.", {
  uuid: text(uuid, { doc: "UUID.", invalid: "unable to parse UUID '%s'" }),
  owner: child(
    element("owner", "The guest.", {
      name: requiredText(string, { doc: "Name.", missing: "Missing network port owner name" }),
      uuid: requiredText(uuid, { doc: "UUID.", missing: "Missing network port owner UUID" }),
    }),
    { doc: "The guest." },
  ),
  group: text(string, { doc: "Port group." }),
  mac: child(element("mac", "MAC address.", { address: requiredAttr(mac, { doc: "Address." }) }), {
    doc: "MAC address.",
  }),
  virtualPort: child(VirtualPort, { doc: "How the guest is known to a switch." }),
  bandwidth: child(Bandwidth, { doc: "Limits on throughput." }),
  vlan: child(Vlan, { doc: "VLANs." }),
  port: child(
    element("port", "Options of the port.", {
      isolated: attr(yesNo, { doc: "Keep guests apart." }),
    }),
    { doc: "Options of the port." },
  ),
  rxFilters: child(
    element("rxfilters", "Filters of the guest.", {
      trustGuest: attr(yesNo, { doc: "Believe the guest's filters." }),
    }),
    { doc: "Filters of the guest." },
  ),
  plug: child(Plug, { doc: "What the guest is plugged into." }),
});
export type NetworkPort = Infer<typeof NetworkPort>;

/** @throws VireoError `xmlError` */
export function parseNetworkPort(xml: string): NetworkPort {
  const root = readDocument(xml, { root: "networkport", label: "networkport_definition" });
  const issues: Issue[] = [];
  const port = parse(NetworkPort, root, issues);
  throwFirst(issues, ErrorDomain.network);
  return port;
}

export const formatNetworkPort = (port: NetworkPort): string =>
  format(NetworkPort, port, LIVE_VIEW);
