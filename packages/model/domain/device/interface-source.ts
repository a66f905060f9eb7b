/** What a network interface is plugged into: one `<source>` for each type of interface. */
import { element } from "../../schema/element.ts";
import { attr, child, choice, discriminant, requiredAttr } from "../../schema/member.ts";
import { hex, oneOf, string, uint } from "../../schema/scalar.ts";
import { uuid } from "../../uuid.ts";
import { Reconnect } from "./disk-source.ts";
import { netIp } from "./net-ip.ts";

export const INTERFACE_TYPES = [
  "user",
  "ethernet",
  "vhostuser",
  "server",
  "client",
  "mcast",
  "network",
  "bridge",
  "internal",
  "direct",
  "hostdev",
  "udp",
  "vdpa",
  "null",
  "vds",
] as const;

/** A device of the host, with the kind of bus. */
export const HostAddress = element("address", "Device of the host.", {
  type: discriminant(["pci", "usb"], { doc: "Kind of bus." }),
  domain: choice({ pci: attr(hex(4), { doc: "PCI domain.", default: 0 }) }),
  bus: choice({ pci: attr(hex(2), { doc: "PCI bus." }), usb: attr(uint, { doc: "USB bus." }) }),
  slot: choice({ pci: attr(hex(2), { doc: "PCI slot." }) }),
  function: choice({ pci: attr(hex(1), { doc: "PCI function." }) }),
  device: choice({ usb: attr(uint, { doc: "USB device." }) }),
});

const socket = {
  address: attr(string, { doc: "Address." }),
  port: requiredAttr(uint, {
    doc: "Port.",
    missing: "No <source> 'port' attribute specified with socket interface",
  }),
};
const MACVTAP_MODES = ["vepa", "private", "bridge", "passthrough"] as const;
const hostSide = { dev: attr(string, { doc: "Interface of the host." }) };

const portid = attr(uuid, { doc: "Port allocated in the network.", show: "live" });
/** Where the card of a network is plugged in, which is not the network's own bridge. */
const place = {
  network: attr(string, { doc: "Network that it came from.", show: "live" }),
  portgroup: attr(string, { doc: "Port group of the network.", show: "live" }),
  portid,
};

const Network = element("source", "A virtual network.", {
  network: requiredAttr(string, { doc: "Name." }),
  portgroup: attr(string, { doc: "Port group of the network." }),
  portid,
  actual: attr(oneOf("bridge", "direct"), {
    doc: "What the network plugged it into, if not its own bridge.",
    show: "live",
  }),
  bridge: attr(string, { doc: "Bridge of the network.", show: "live" }),
  dev: attr(string, { doc: "Host interface of the network.", show: "live" }),
  mode: attr(oneOf(...MACVTAP_MODES), { doc: "macvtap mode of the network.", show: "live" }),
  macTableManager: attr(oneOf("kernel", "libvirt"), {
    doc: "Who keeps the bridge's table.",
    show: "live",
  }),
});
const Bridge = element("source", "A bridge of the host.", {
  ...place,
  bridge: requiredAttr(string, { doc: "Name of the bridge." }),
  macTableManager: attr(oneOf("kernel", "libvirt"), {
    doc: "Who keeps the bridge's table.",
    show: "live",
  }),
});
const VhostUser = element("source", "A vhost-user process.", {
  type: attr(oneOf("unix"), { doc: "Kind of socket.", default: "unix" }),
  path: requiredAttr(string, { doc: "Path of the socket." }),
  mode: requiredAttr(oneOf("server", "client"), { doc: "Whether QEMU listens or connects." }),
  reconnect: child(Reconnect, { doc: "Connect again when the process goes away." }),
});
const Udp = element("source", "Where packets are sent.", {
  ...socket,
  local: child(element("local", "Where packets are received.", socket), {
    doc: "Where packets are received.",
  }),
});
const Direct = element("source", "An interface of the host, by macvtap.", {
  ...place,
  dev: requiredAttr(string, { doc: "Interface of the host." }),
  mode: attr(oneOf(...MACVTAP_MODES), {
    doc: "How guests on the interface reach each other.",
    default: "vepa",
  }),
});
const HostDevice = element("source", "A network card of the host.", {
  address: child(HostAddress, { doc: "The card." }),
});
const Vds = element("source", "A distributed switch.", {
  switchId: attr(uuid, { name: "switchid", doc: "Switch." }),
  portId: attr(uint, { name: "portid", doc: "Port." }),
  portGroupId: attr(string, { name: "portgroupid", doc: "Port group." }),
  connectionId: attr(uint, { name: "connectionid", doc: "Connection." }),
});

const doc = "What the interface is plugged into.";
const socketSource = child(element("source", "A socket.", socket), { doc });
/** `<source>` picked by `type`. */
export const interfaceSource = choice({
  user: child(element("source", "Network of the host.", { ...hostSide, ...netIp }), { doc }),
  ethernet: child(element("source", "Host side of the tap device.", netIp), { doc }),
  vhostuser: child(VhostUser, { doc }),
  server: socketSource,
  client: socketSource,
  mcast: socketSource,
  udp: child(Udp, { doc }),
  network: child(Network, { doc }),
  bridge: child(Bridge, { doc }),
  internal: child(
    element("source", "A private network.", { name: attr(string, { doc: "Name." }) }),
    { doc },
  ),
  direct: child(Direct, { doc }),
  hostdev: child(HostDevice, { doc }),
  vdpa: child(
    element("source", "A vDPA device of the host.", {
      dev: requiredAttr(string, { doc: "Path of its character device." }),
    }),
    { doc },
  ),
  vds: child(Vds, { doc }),
});
