/** `<device>` of `nodedev-*`: a device of the host. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError } from "../error.ts";
import { mac } from "../mac.ts";
import type { Element, Member } from "../schema/declaration.ts";
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import {
  attr,
  child,
  children,
  choice,
  content,
  discriminant,
  requiredAttr,
  requiredText,
  text,
} from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { hex, int, oneOf, type Scalar, string, uint, ulong } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { uuid } from "../uuid.ts";
import { readDocument } from "../xml/read-document.ts";
import { NodeSubCapability } from "./node-sub-capability.ts";

const PciAddress = element("address", "A PCI device.", {
  domain: attr(hex(4), { doc: "PCI domain." }),
  bus: attr(hex(2), { doc: "PCI bus." }),
  slot: attr(hex(2), { doc: "PCI slot." }),
  function: attr(hex(1), { doc: "PCI function." }),
});
const idText = (tag: string, doc: string) =>
  element(tag, doc, {
    id: attr(string, { doc: "Number." }),
    name: content(string, { doc: "Name." }),
  });
const product = child(idText("product", "Product."), { doc: "Product." });
const vendorId = child(idText("vendor", "Vendor."), { doc: "Vendor." });
const iommuGroup = child(
  element("iommuGroup", "IOMMU group.", {
    number: requiredAttr(uint, { doc: "Number." }),
    addresses: children(PciAddress, { doc: "Devices in it." }),
  }),
  { doc: "IOMMU group." },
);
const words = (doc: string): Member<string, false> => text(string, { doc });
const number = (doc: string): Member<number, false> => text(ulong, { doc });
const hexText = (scalar: Scalar<number>, doc: string) => text(scalar, { doc });

const Hardware = element("hardware", "The machine.", {
  vendor: words("Vendor."),
  version: words("Version."),
  serial: words("Serial number."),
  uuid: text(uuid, { doc: "UUID." }),
});
const Firmware = element(
  "firmware",
  "Its firmware.",
  {
    vendor: words("Vendor."),
    version: words("Version."),
    releaseDate: text(string, { name: "release_date", doc: "Date." }),
  },
  { empty: "open" },
);
const PciExpress = element(
  "pci-express",
  "PCI Express.",
  {
    links: children(
      element("link", "A link.", {
        validity: requiredAttr(oneOf("cap", "sta"), { doc: "What it can, or how it is." }),
        port: attr(uint, { doc: "Port." }),
        speed: attr(string, { doc: "GT/s." }),
        width: attr(uint, { doc: "Lanes." }),
      }),
      { doc: "Links." },
    ),
  },
  { empty: true },
);
const ChannelAddress = element("channel_dev_addr", "Channel device.", {
  cssid: hexText(hex(1), "Subsystem."),
  ssid: hexText(hex(1), "Set."),
  devno: hexText(hex(4), "Device."),
});

const TYPES = [
  "system",
  "pci",
  "usb_device",
  "usb",
  "net",
  "scsi_host",
  "scsi_target",
  "scsi",
  "storage",
  "scsi_generic",
  "drm",
  "mdev",
  "ccw",
  "css",
  "vdpa",
  "ap_card",
  "ap_queue",
  "ap_matrix",
] as const;
export type NodeDeviceType = (typeof TYPES)[number];

const channel = { ccw: hexText(hex(1), "Subsystem."), css: hexText(hex(1), "Subsystem.") };
const channelSet = { ccw: hexText(hex(1), "Set."), css: hexText(hex(1), "Set.") };
const channelDevice = { ccw: hexText(hex(4), "Device."), css: hexText(hex(4), "Device.") };

const Capability = element("capability", "What the device is.", {
  type: discriminant(TYPES, {
    doc: "Kind of device.",
    invalid: "Invalid value for attribute 'type' in element 'capability': '%s'.",
  }),
  systemProduct: choice({ system: text(string, { name: "product", doc: "Product." }) }),
  hardware: choice({ system: child(Hardware, { doc: "The machine." }) }),
  firmware: choice({ system: child(Firmware, { doc: "Its firmware." }) }),
  number: choice({ usb: number("Interface.") }),
  class: choice({ pci: words("Class."), usb: number("Class.") }),
  subclass: choice({ usb: number("Subclass.") }),
  protocol: choice({ usb: number("Protocol.") }),
  domain: choice({ pci: number("Domain.") }),
  block: choice({ storage: words("Device node.") }),
  host: choice({ scsi: number("Host."), scsi_host: number("Host.") }),
  uniqueId: choice({ scsi_host: text(ulong, { name: "unique_id", doc: "Number." }) }),
  bus: choice({
    pci: number("Bus."),
    usb_device: number("Bus."),
    scsi: number("Bus."),
    storage: words("Bus."),
  }),
  target: choice({ scsi: number("Target."), scsi_target: words("Target.") }),
  lun: choice({ scsi: number("Unit.") }),
  device: choice({ usb_device: number("Device.") }),
  slot: choice({ pci: number("Slot.") }),
  function: choice({ pci: number("Function.") }),
  driveType: choice({ storage: text(string, { name: "drive_type", doc: "Kind of drive." }) }),
  model: choice({ storage: words("Model.") }),
  product: choice({ pci: product, usb_device: product }),
  vendor: choice({ pci: vendorId, usb_device: vendorId, storage: words("Vendor.") }),
  serial: choice({ storage: words("Serial number.") }),
  size: choice({ storage: number("Bytes.") }),
  logicalBlockSize: choice({
    storage: text(ulong, { name: "logical_block_size", doc: "Bytes of a block." }),
  }),
  blocks: choice({ storage: text(ulong, { name: "num_blocks", doc: "Blocks." }) }),
  interface: choice({ net: words("Name.") }),
  address: choice({ net: text(mac, { doc: "MAC address." }) }),
  link: choice({
    net: child(
      element("link", "The cable.", {
        speed: attr(uint, { doc: "Mbit/s." }),
        state: attr(string, { doc: "State." }),
      }),
      { doc: "The cable." },
    ),
  }),
  features: choice({
    net: children(
      element("feature", "What the card can do.", { name: requiredAttr(string, { doc: "Name." }) }),
      { doc: "What the card can do." },
    ),
  }),
  typeText: choice({
    scsi: text(string, { name: "type", doc: "Kind of device." }),
    drm: text(string, { name: "type", doc: "Kind of node." }),
    mdev: child(element("type", "Kind of device.", { id: attr(string, { doc: "Id." }) }), {
      doc: "Kind of device.",
    }),
  }),
  uuid: choice({ mdev: text(string, { doc: "UUID." }) }),
  parentAddress: choice({ mdev: text(string, { name: "parent_addr", doc: "Parent." }) }),
  char: choice({
    scsi_generic: words("Device node."),
  }),
  charDevice: choice({ vdpa: text(string, { name: "chardev", doc: "Device node." }) }),
  cssid: choice(channel),
  ssid: choice(channelSet),
  devno: choice(channelDevice),
  channelDevice: choice({ css: child(ChannelAddress, { doc: "Channel device." }) }),
  adapter: choice({
    ap_card: text(hex(2), { name: "ap-adapter", doc: "Adapter." }),
    ap_queue: text(hex(2), { name: "ap-adapter", doc: "Adapter." }),
  }),
  apDomain: choice({ ap_queue: text(hex(4), { name: "ap-domain", doc: "Domain." }) }),
  capabilities: choice(
    Object.fromEntries(
      TYPES.map((type) => [type, children(NodeSubCapability, { doc: "What it can do besides." })]),
    ) as Readonly<Record<NodeDeviceType, Member<readonly NodeSubCapability[], false>>>,
  ),
  iommuGroup: choice({ pci: iommuGroup, mdev: iommuGroup }),
  attributes: choice({
    mdev: children(
      element("attr", "An attribute.", {
        name: requiredAttr(string, { doc: "Name." }),
        value: requiredAttr(string, { doc: "Value." }),
      }),
      { doc: "Attributes." },
    ),
  }),
  numa: choice({
    pci: child(element("numa", "Place.", { node: attr(int, { doc: "NUMA node." }) }), {
      doc: "Place.",
    }),
  }),
  pciExpress: choice({ pci: child(PciExpress, { doc: "PCI Express." }) }),
});

const Written = element("device", "A device of the host.", {
  name: requiredText(string, { doc: "Name." }),
  path: text(string, { doc: "Directory in sysfs." }),
  nodes: children(
    element("devnode", "A node in /dev.", {
      type: requiredAttr(oneOf("dev", "link"), { doc: "The node, or a link to it." }),
      path: content(string, { doc: "Path." }),
    }),
    { doc: "Nodes in /dev." },
  ),
  parent: text(string, { doc: "Device that it belongs to." }),
  driver: child(element("driver", "Driver.", { name: text(string, { doc: "Name." }) }), {
    doc: "Driver.",
  }),
  capabilities: children(Capability, { doc: "What the device is." }),
});
export const NodeDevice: Element<Infer<typeof Written>> = Written;
export type NodeDevice = Infer<typeof Written>;

const LABEL = { root: "device", label: "node_device_definition" };

/** How a virtual port names the host that it wants to be on, without its name. */
export interface ParentWish {
  readonly wwnn?: string | undefined;
  readonly wwpn?: string | undefined;
  readonly fabricWwn?: string | undefined;
}

/** Attributes of `<parent>`. @throws VireoError `xmlError` */
export function parseParentWish(xml: string): ParentWish {
  const parent = readDocument(xml, LABEL).children.find(({ name }) => name === "parent");
  const [wwnn, wwpn, fabricWwn] = ["wwnn", "wwpn", "fabric_wwn"].map((one) =>
    parent?.attributes.get(one),
  );
  for (const [here, value, other, wanted] of [
    ["wwnn", wwnn, "wwpn", wwpn],
    ["wwpn", wwpn, "wwnn", wwnn],
  ])
    if (value !== undefined && wanted === undefined)
      throw virError(
        "xmlError",
        `when providing parent ${here}='${value}', the ${other} must also be provided`,
      );
  return { wwnn, wwpn, fabricWwn };
}

/** @throws VireoError `xmlError` */
export function parseNodeDevice(xml: string): NodeDevice {
  const root = readDocument(xml, LABEL);
  const issues: Issue[] = [];
  const device = parse(NodeDevice, root, issues);
  throwFirst(issues, ErrorDomain.nodedev);
  return device;
}

export const formatNodeDevice = (device: NodeDevice): string => format(NodeDevice, device);
