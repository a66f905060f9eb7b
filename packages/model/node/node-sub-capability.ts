/** What a device of the host can do besides being what it is. */
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  children,
  choice,
  content,
  discriminant,
  requiredAttr,
  text,
} from "../schema/member.ts";
import { hex, oneOf, string, uint, ulong } from "../schema/scalar.ts";

const PciAddress = element("address", "A PCI device.", {
  domain: attr(hex(4), { doc: "PCI domain." }),
  bus: attr(hex(2), { doc: "PCI bus." }),
  slot: attr(hex(2), { doc: "PCI slot." }),
  function: attr(hex(1), { doc: "PCI function." }),
});
const addresses = children(PciAddress, { doc: "PCI devices." });

const MdevType = element("type", "A kind of mediated device.", {
  id: requiredAttr(string, { doc: "Id." }),
  name: text(string, { doc: "Name." }),
  deviceApi: text(string, { name: "deviceAPI", doc: "How QEMU talks to it." }),
  available: text(uint, { name: "availableInstances", doc: "How many more there can be." }),
});

const field = (tag: string) =>
  element(tag, "A field of the vendor.", {
    index: requiredAttr(string, { doc: "Letter of the field." }),
    value: content(string, { doc: "Value." }),
  });
const VpdFields = element("fields", "Vital product data.", {
  access: requiredAttr(oneOf("readonly", "readwrite"), { doc: "Whether they can be written." }),
  changeLevel: text(string, { name: "change_level", doc: "Engineering change." }),
  manufactureId: text(string, { name: "manufacture_id", doc: "Manufacturer." }),
  partNumber: text(string, { name: "part_number", doc: "Part." }),
  serialNumber: text(string, { name: "serial_number", doc: "Serial number." }),
  assetTag: text(string, { name: "asset_tag", doc: "Asset." }),
  vendorFields: children(field("vendor_field"), { doc: "Of the vendor." }),
  systemFields: children(field("system_field"), { doc: "Of the system." }),
});

const wwn = (name: string) => text(string, { name, doc: "World-wide name." });
const number = (name: string, doc: string) => text(ulong, { name, doc });

export const NodeSubCapability = element(
  "capability",
  "What the device can do besides.",
  {
    type: discriminant(
      [
        "80203",
        "80211",
        "cardbus-bridge",
        "fc_host",
        "fc_remote_port",
        "hotpluggable",
        "mdev_types",
        "pci-bridge",
        "phys_function",
        "removable",
        "virt_functions",
        "vpd",
        "vport_ops",
      ],
      { doc: "Kind.", invalid: "unknown capability type '%s'" },
    ),
    maxCount: choice({ virt_functions: attr(uint, { doc: "How many there can be." }) }),
    addresses: choice({ virt_functions: addresses, phys_function: addresses }),
    types: choice({ mdev_types: children(MdevType, { doc: "Kinds of mediated devices." }) }),
    name: choice({ vpd: text(string, { doc: "Product." }) }),
    fields: choice({ vpd: children(VpdFields, { doc: "Fields." }) }),
    wwnn: choice({ fc_host: wwn("wwnn") }),
    rport: choice({ fc_remote_port: text(string, { doc: "Remote port." }) }),
    wwpn: choice({ fc_host: wwn("wwpn"), fc_remote_port: wwn("wwpn") }),
    fabricWwn: choice({ fc_host: wwn("fabric_wwn") }),
    maxVports: choice({ vport_ops: number("max_vports", "Most virtual ports.") }),
    vports: choice({ vport_ops: number("vports", "Virtual ports.") }),
    mediaAvailable: choice({ removable: number("media_available", "1: there is a medium.") }),
    mediaSize: choice({ removable: number("media_size", "Bytes of the medium.") }),
    mediaLabel: choice({ removable: text(string, { name: "media_label", doc: "Its label." }) }),
    logicalBlockSize: choice({ removable: number("logical_block_size", "Bytes of a block.") }),
    blocks: choice({ removable: number("num_blocks", "Blocks.") }),
  },
  { empty: true },
);
export type NodeSubCapability = Infer<typeof NodeSubCapability>;
