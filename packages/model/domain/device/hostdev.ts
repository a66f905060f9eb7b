/** `<hostdev>`: a device of the host given to the guest. */
import { element, type Infer } from "../../schema/element.ts";
import {
  attr,
  child,
  children,
  choice,
  discriminant,
  flag,
  requiredAttr,
  text,
} from "../../schema/member.ts";
import { hex, oneOf, onOff, string, uint, unless, yesNo } from "../../schema/scalar.ts";
import { romInfo } from "./device-info.ts";
import { Auth } from "./disk-auth.ts";
import { HostPciAddress, Initiator, SourceHost } from "./disk-source.ts";
import { Teaming } from "./interface.ts";
import { netIp } from "./net-ip.ts";
import { VIRTIO_MODELS } from "./virtio-driver.ts";

export const HOSTDEV_TYPES = [
  "usb",
  "pci",
  "scsi",
  "scsi_host",
  "mdev",
  "storage",
  "misc",
  "net",
] as const;

const id = requiredAttr(hex(4, 0xffff), { doc: "Number." });
/** 0 is no vendor. */
const vendorId = requiredAttr(
  {
    ...hex(4, 0xffff),
    read: (raw) => hex(4, 0xffff).read(raw) || undefined,
    problem: (raw) => (Number(raw) === 0 ? { reason: "Zero is not permitted" } : undefined),
  },
  { doc: "Number." },
);
const UsbSource = element("source", "A USB device.", {
  startupPolicy: attr(oneOf("mandatory", "requisite", "optional"), {
    doc: "What happens when the device is missing at start.",
  }),
  guestReset: attr(unless("default", oneOf("off", "uninitialized", "on")), {
    doc: "Whether the guest may reset it.",
  }),
  missing: attr(yesNo, { doc: "It was not there at start.", show: "live", omit: false }),
  vendor: child(element("vendor", "Vendor.", { id: vendorId }), { doc: "Vendor." }),
  product: child(element("product", "Product.", { id }), { doc: "Product." }),
  address: child(
    element("address", "Place on the host.", {
      bus: requiredAttr(uint, { doc: "USB bus." }),
      device: requiredAttr(uint, { doc: "USB device." }),
      port: attr(string, { doc: "USB port." }),
    }),
    { doc: "Place on the host." },
  ),
});
const PciSource = element("source", "A PCI device.", {
  writeFiltering: attr(yesNo, { doc: "Filter writes to its configuration space." }),
  address: child(HostPciAddress, { doc: "Place on the host." }),
});
const ScsiSource = element("source", "A SCSI device.", {
  protocol: attr(oneOf("adapter", "iscsi"), { doc: "Kind of device.", omit: "adapter" }),
  name: attr(string, { doc: "iSCSI: target and unit." }),
  adapter: child(
    element("adapter", "SCSI adapter of the host.", {
      name: attr(string, { doc: "`scsi_host` and a number." }),
    }),
    { doc: "SCSI adapter of the host." },
  ),
  hosts: children(SourceHost, { doc: "iSCSI server." }),
  address: child(
    element("address", "Place on the adapter.", {
      bus: requiredAttr(uint, { doc: "Bus." }),
      target: requiredAttr(uint, { doc: "Target." }),
      unit: requiredAttr(string, { doc: "Unit; 64 bits." }),
    }),
    { doc: "Place on the adapter." },
  ),
  auth: child(Auth, { doc: "iSCSI: credentials." }),
  initiator: child(Initiator, { doc: "iSCSI initiator." }),
});
const ScsiHostSource = element("source", "A SCSI target of the host's kernel.", {
  protocol: attr(oneOf("vhost"), { doc: "Kind of target." }),
  wwpn: attr(string, { doc: "World-wide port name." }),
});
const MdevSource = element("source", "A mediated device.", {
  address: child(element("address", "The device.", { uuid: attr(string, { doc: "UUID." }) }), {
    doc: "The device.",
  }),
});

const doc = "The device of the host.";
const virtio = attr(unless("default", oneOf(...VIRTIO_MODELS)), {
  doc: "Revisions of virtio it offers.",
});

export const Hostdev = element("hostdev", "A device of the host.", {
  mode: attr(oneOf("subsystem", "capabilities"), {
    invalid: "unknown hostdev mode '%s'",
    fault: "configUnsupported",
    doc: "`capabilities`: for containers.",
    default: "subsystem",
  }),
  type: discriminant(HOSTDEV_TYPES, {
    doc: "Kind of device.",
    missing: "missing source address type",
    invalid: "unknown host device source address type '%s'",
    fault: "configUnsupported",
  }),
  managed: attr(yesNo, { doc: "Detach it from its host driver at start." }),
  sgio: choice({
    scsi: attr(oneOf("filtered", "unfiltered"), { doc: "Filter for raw SCSI commands." }),
  }),
  rawio: choice({ scsi: attr(yesNo, { doc: "The guest may send raw SCSI commands." }) }),
  model: choice({
    mdev: requiredAttr(oneOf("vfio-pci", "vfio-ccw", "vfio-ap"), {
      doc: "Kind of mediated device.",
    }),
    scsi_host: virtio,
  }),
  display: choice({ mdev: attr(onOff, { doc: "Shows the guest's screen." }) }),
  ramfb: choice({ mdev: attr(onOff, { doc: "Shows the screen before its driver is loaded." }) }),
  driver: choice({
    pci: child(
      element("driver", "Driver of the host.", {
        name: attr(unless("default", oneOf("kvm", "vfio", "xen")), { doc: "Name." }),
      }),
      { doc: "Driver of the host." },
    ),
  }),
  source: choice({
    usb: child(UsbSource, { doc }),
    pci: child(PciSource, { doc }),
    scsi: child(ScsiSource, { doc }),
    scsi_host: child(ScsiHostSource, { doc }),
    mdev: child(MdevSource, { doc }),
    storage: child(element("source", doc, { block: text(string, { doc: "Path." }) }), { doc }),
    misc: child(element("source", doc, { char: text(string, { doc: "Path." }) }), { doc }),
    net: child(element("source", doc, { interface: text(string, { doc: "Name." }) }), { doc }),
  }),
  ips: choice({ net: netIp.ips }),
  routes: choice({ net: netIp.routes }),
  teaming: child(Teaming, { doc: "Pairs a virtio card with a host's card." }),
  readonly: flag({ doc: "The guest cannot write." }),
  shareable: flag({ doc: "Several domains may use it at once." }),
  ...romInfo,
});
export type Hostdev = Infer<typeof Hostdev>;
