/** Where a device sits on its bus. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant } from "../../schema/member.ts";
import { hex, hex64, onOff, stringWhere, uint } from "../../schema/scalar.ts";

const Zpci = element("zpci", "Identity of a PCI device on s390.", {
  uid: attr(hex(4), { doc: "User-defined id." }),
  fid: attr(hex(8), { doc: "Function id." }),
});

/** Ports of hubs from the root: `1.2.3`, at most four deep. */
const usbPort = stringWhere("a USB port such as `1.2`", (raw) =>
  /^\d{1,10}(\.\d{1,10}){0,3}$/.test(raw) ? raw : undefined,
);

/** `<address>` of every device; `type` decides which numbers it has. */
export const Address = element("address", "Place of the device on its bus.", {
  type: discriminant(
    [
      "pci",
      "drive",
      "virtio-serial",
      "ccid",
      "usb",
      "spapr-vio",
      "ccw",
      "isa",
      "virtio-mmio",
      "dimm",
      "unassigned",
    ],
    {
      doc: "Kind of bus.",
      invalid: "unknown address type '%s'",
      fault: "configUnsupported",
      missing: "No type specified for device address",
      missingFault: "internalError",
    },
  ),
  domain: choice({ pci: attr(hex(4), { doc: "PCI domain." }) }),
  controller: choice({
    drive: attr(uint, { doc: "Index of the disk controller.", default: 0 }),
    "virtio-serial": attr(uint, { doc: "Index of the virtio-serial controller.", default: 0 }),
    ccid: attr(uint, { doc: "Index of the CCID controller.", default: 0 }),
  }),
  bus: choice({
    pci: attr(hex(2), { doc: "PCI bus: index of a PCI controller." }),
    drive: attr(uint, { doc: "Bus of the controller.", default: 0 }),
    "virtio-serial": attr(uint, { doc: "Bus of the controller.", default: 0 }),
    usb: attr(uint, { doc: "USB bus: index of a USB controller.", default: 0 }),
  }),
  target: choice({ drive: attr(uint, { doc: "SCSI target.", default: 0 }) }),
  unit: choice({ drive: attr(uint, { doc: "Unit on the bus.", default: 0 }) }),
  slot: choice({
    pci: attr(hex(2), { doc: "PCI slot." }),
    ccid: attr(uint, { doc: "Slot of the reader.", default: 0 }),
    dimm: attr(uint, { doc: "Memory slot." }),
  }),
  function: choice({ pci: attr(hex(1), { doc: "PCI function." }) }),
  multifunction: choice({ pci: attr(onOff, { doc: "Other functions share the slot." }) }),
  port: choice({
    "virtio-serial": attr(uint, { doc: "Port of the controller." }),
    usb: attr(usbPort, {
      doc: "Ports of the hubs on the way.",
      invalid: "Cannot parse <address> 'port' attribute",
      fault: "internalError",
    }),
  }),
  reg: choice({
    "spapr-vio": attr(hex(8), { doc: "Register of the VIO bus." }),
  }),
  cssid: choice({ ccw: attr(hex(1, 0xfe), { doc: "Channel subsystem." }) }),
  ssid: choice({ ccw: attr(hex(1, 0x3), { doc: "Subchannel set." }) }),
  devno: choice({ ccw: attr(hex(4, 0xffff), { doc: "Device number." }) }),
  iobase: choice({ isa: attr(hex(1), { doc: "First I/O port.", omit: 0 }) }),
  irq: choice({ isa: attr(hex(1), { doc: "Interrupt.", omit: 0 }) }),
  base: choice({ dimm: attr(hex64, { doc: "Guest physical address.", omit: "0x0" }) }),
  zpci: choice({ pci: child(Zpci, { doc: "Identity on s390." }) }),
});

export type Address = Infer<typeof Address>;
export type PciAddress = Extract<Address, { type: "pci" }>;
export type DriveAddress = Extract<Address, { type: "drive" }>;
export type UsbAddress = Extract<Address, { type: "usb" }>;
