/** `<interface>`: a network card the guest sees. */
import { mac } from "../../mac.ts";
import { element, type Infer } from "../../schema/element.ts";
import {
  attr,
  child,
  children,
  choice,
  discriminant,
  requiredAttr,
  text,
} from "../../schema/member.ts";
import { oneOf, onOff, string, uint, ulong, yesNo } from "../../schema/scalar.ts";
import { romInfo } from "./device-info.ts";
import { INTERFACE_TYPES, interfaceSource } from "./interface-source.ts";
import { netIp } from "./net-ip.ts";
import { Bandwidth, VirtualPort, Vlan } from "./net-switch.ts";
import { virtioOptions } from "./virtio-driver.ts";

const Mac = element("mac", "MAC address.", {
  address: requiredAttr(mac, {
    doc: "MAC address.",
    invalid: "unable to parse mac address '%s'",
  }),
  type: attr(oneOf("generated", "static"), { doc: "Whether a user chose it." }),
  check: attr(yesNo, { doc: "Complain when it is in use." }),
});

const offload = {
  csum: attr(onOff, { doc: "Checksums." }),
  tso4: attr(onOff, { doc: "TCP segmentation, IPv4." }),
  tso6: attr(onOff, { doc: "TCP segmentation, IPv6." }),
  ecn: attr(onOff, { doc: "Congestion notification." }),
  ufo: attr(onOff, { doc: "UDP fragmentation." }),
};
const Driver = element("driver", "How the host serves the card.", {
  name: attr(oneOf("qemu", "vhost", "kvm", "vfio", "xen"), {
    doc: "QEMU itself, or the host's kernel.",
  }),
  txMode: attr(oneOf("iothread", "timer"), { name: "txmode", doc: "How packets are sent." }),
  ioeventfd: attr(onOff, { doc: "Take the guest's notifications outside the vCPU thread." }),
  eventIdx: attr(onOff, { name: "event_idx", doc: "Fewer interrupts and notifications." }),
  queues: attr(uint, { doc: "Number of queue pairs.", omit: 0 }),
  rxQueueSize: attr(uint, { name: "rx_queue_size", doc: "Packets in a receive queue.", omit: 0 }),
  txQueueSize: attr(uint, { name: "tx_queue_size", doc: "Packets in a transmit queue.", omit: 0 }),
  rss: attr(onOff, { doc: "Receive-side scaling." }),
  rssHashReport: attr(onOff, { name: "rss_hash_report", doc: "Tell the guest the hash." }),
  ...virtioOptions,
  host: child(
    element("host", "Offloads of the host.", {
      csum: offload.csum,
      gso: attr(onOff, { doc: "Generic segmentation." }),
      tso4: offload.tso4,
      tso6: offload.tso6,
      ecn: offload.ecn,
      ufo: offload.ufo,
      mrgRxbuf: attr(onOff, { name: "mrg_rxbuf", doc: "Mergeable receive buffers." }),
    }),
    { doc: "Offloads of the host." },
  ),
  guest: child(element("guest", "Offloads of the guest.", offload), {
    doc: "Offloads of the guest.",
  }),
});

const driver = child(Driver, { doc: "How the host serves the card." });

const Backend = element("backend", "Back end of the card.", {
  type: attr(oneOf("default", "passt"), { doc: "User-mode network stack.", omit: "default" }),
  tap: attr(string, { doc: "Path of the tap device." }),
  vhost: attr(string, { doc: "Path of the vhost device." }),
  logFile: attr(string, { doc: "passt: log file." }),
});
const PortForward = element("portForward", "Ports of the host that lead to the guest.", {
  proto: requiredAttr(oneOf("tcp", "udp"), { doc: "Protocol." }),
  address: attr(string, { doc: "Address of the host." }),
  dev: attr(string, { doc: "Interface of the host." }),
  ranges: children(
    element("range", "A range of ports.", {
      start: requiredAttr(uint, { doc: "First port of the host." }),
      end: attr(uint, { doc: "Last port of the host." }),
      to: attr(uint, { doc: "First port of the guest." }),
      exclude: attr(yesNo, { doc: "Leave these out." }),
    }),
    { doc: "Ranges of ports." },
  ),
});

const FilterRef = element("filterref", "Packet filter of the interface.", {
  filter: requiredAttr(string, { doc: "Name of the filter." }),
  parameters: children(
    element("parameter", "A variable of the filter.", {
      name: requiredAttr(string, { doc: "Name." }),
      value: requiredAttr(string, { doc: "Value." }),
    }),
    { doc: "Variables." },
  ),
});
const CoalesceRx = element("rx", "Of received packets.", {
  frames: child(
    element("frames", "By number.", {
      max: attr(uint, { doc: "Most packets for one interrupt." }),
    }),
    { doc: "By number." },
  ),
});

/** Also of host devices. */
export const Teaming = element("teaming", "Pairs a virtio card with a host's card.", {
  type: requiredAttr(oneOf("persistent", "transient"), {
    doc: "Whether it stays during migration.",
  }),
  persistent: attr(string, { doc: "Alias of the other one." }),
});

const path = attr(string, { doc: "Path." });

export const Interface = element("interface", "A network card.", {
  type: discriminant(INTERFACE_TYPES, {
    doc: "What it is plugged into.",
    default: "user",
  }),
  managed: choice({
    hostdev: attr(yesNo, { doc: "Detach the card from its host driver at start.", omit: false }),
  }),
  trustGuestRxFilters: attr(yesNo, { doc: "Believe the guest's filters." }),
  mac: child(Mac, { doc: "MAC address; random when absent." }),
  hostDriver: choice({
    hostdev: child(
      element("driver", "Driver of the host.", {
        name: attr(oneOf("kvm", "vfio", "xen"), { doc: "Name." }),
      }),
      { doc: "Driver of the host." },
    ),
  }),
  source: interfaceSource,
  vlan: child(Vlan, { doc: "VLANs of the port." }),
  virtualPort: child(VirtualPort, { doc: "How the port is known to a switch." }),
  bandwidth: child(Bandwidth, { doc: "Limits on throughput." }),
  port: child(
    element("port", "Options of the bridge's port.", {
      isolated: attr(yesNo, { doc: "Keep guests apart." }),
    }),
    { doc: "Options of the bridge's port." },
  ),
  ...netIp,
  portForwards: children(PortForward, { doc: "passt: ports that lead to the guest." }),
  script: child(element("script", "Script that sets up the tap device.", { path }), {
    doc: "Script that sets up the tap device.",
  }),
  downscript: child(element("downscript", "Script that takes the tap device down.", { path }), {
    doc: "Script that takes the tap device down.",
  }),
  backendDomain: child(
    element("backenddomain", "Xen: domain that serves the card.", {
      name: attr(string, { doc: "Name." }),
    }),
    { doc: "Xen: domain that serves the card." },
  ),
  target: child(
    element("target", "Tap device on the host.", {
      dev: attr(string, { doc: "Name." }),
      managed: attr(yesNo, { doc: "Whether the daemon makes it." }),
    }),
    { doc: "Tap device on the host." },
  ),
  guest: child(
    element("guest", "Interface in a container.", {
      dev: attr(string, { doc: "Name." }),
      actual: attr(string, { doc: "Name at present.", show: "live" }),
    }),
    { doc: "Interface in a container." },
  ),
  model: child(
    element("model", "Kind of card.", { type: attr(string, { doc: "QEMU's name of the card." }) }),
    { doc: "Kind of card." },
  ),
  driver: choice({
    user: driver,
    ethernet: driver,
    vhostuser: driver,
    server: driver,
    client: driver,
    mcast: driver,
    network: driver,
    bridge: driver,
    internal: driver,
    direct: driver,
    udp: driver,
    vdpa: driver,
    null: driver,
    vds: driver,
  }),
  backend: child(Backend, { doc: "Back end of the card." }),
  filterRef: child(FilterRef, { doc: "Packet filter." }),
  tune: child(
    element("tune", "Tuning of the tap device.", {
      sndbuf: text(ulong, { doc: "Bytes that can wait to be sent." }),
    }),
    { doc: "Tuning of the tap device." },
  ),
  link: child(
    element("link", "Cable.", {
      state: requiredAttr(oneOf("up", "down"), {
        doc: "Plugged in or not.",
        invalid: "unknown interface link state '%s'",
        fault: "configUnsupported",
      }),
    }),
    { doc: "Cable." },
  ),
  mtu: child(
    element("mtu", "Largest packet.", {
      size: attr(uint, { doc: "Bytes.", invalid: "malformed mtu size" }),
    }),
    {
      doc: "Largest packet.",
    },
  ),
  coalesce: child(
    element("coalesce", "Interrupts for several packets at once.", {
      rx: child(CoalesceRx, { doc: "Received." }),
    }),
    { doc: "Interrupts for several packets at once." },
  ),
  teaming: child(Teaming, { doc: "Pairs a virtio card with a host's card." }),
  ...romInfo,
});
export type Interface = Infer<typeof Interface>;
