/** `<controller>`: where buses of the guest begin. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant, scaledText, text } from "../../schema/member.ts";
import type { Member } from "../../schema/declaration.ts";
import { hex, natural, oneOf, onOff, positive, uint, unless } from "../../schema/scalar.ts";
import { KIB } from "../../schema/unit.ts";
import { alias, acpi, address, master } from "./device-info.ts";
import { virtioOptions, VIRTIO_MODELS } from "./virtio-driver.ts";

export const CONTROLLER_TYPES = [
  "ide",
  "fdc",
  "scsi",
  "sata",
  "virtio-serial",
  "ccid",
  "usb",
  "pci",
  "xenbus",
  "isa",
] as const;
export const PCI_MODELS = [
  "pci-root",
  "pcie-root",
  "pci-bridge",
  "dmi-to-pci-bridge",
  "pcie-to-pci-bridge",
  "pcie-root-port",
  "pcie-switch-upstream-port",
  "pcie-switch-downstream-port",
  "pci-expander-bus",
  "pcie-expander-bus",
] as const;
export const USB_MODELS = [
  "piix3-uhci",
  "piix4-uhci",
  "ehci",
  "ich9-ehci1",
  "ich9-uhci1",
  "ich9-uhci2",
  "ich9-uhci3",
  "vt82c686b-uhci",
  "pci-ohci",
  "nec-xhci",
  "qusb1",
  "qusb2",
  "qemu-xhci",
  "none",
] as const;
export const SCSI_MODELS = [
  "auto",
  "buslogic",
  "lsilogic",
  "lsisas1068",
  "vmpvscsi",
  "ibmvscsi",
  "virtio-scsi",
  "lsisas1078",
  "virtio-transitional",
  "virtio-non-transitional",
  "ncr53c90",
  "dc390",
  "am53c974",
] as const;
/** Name of the QEMU device behind a PCI controller. */
export const PCI_MODEL_NAMES = [
  "none",
  "pci-bridge",
  "i82801b11-bridge",
  "ioh3420",
  "x3130-upstream",
  "xio3130-downstream",
  "pxb",
  "pxb-pcie",
  "pcie-root-port",
  "spapr-pci-host-bridge",
  "pcie-pci-bridge",
] as const;

const Target = element("target", "What the guest sees of a PCI controller.", {
  chassisNr: attr(uint, { doc: "Number of the bridge's chassis." }),
  chassis: attr(uint, { doc: "Number of the port's chassis." }),
  port: attr(hex(1), { doc: "Number of the port." }),
  busNr: attr(uint, { doc: "First bus of an expander." }),
  index: attr(uint, { doc: "pSeries: number of the host bridge." }),
  hotplug: attr(onOff, { doc: "Whether devices can be added and removed." }),
  node: text(uint, { doc: "Guest NUMA node the bus belongs to." }),
});
const Driver = element("driver", "How the controller is served.", {
  queues: attr(positive, { doc: "Number of virtqueues." }),
  cmdPerLun: attr(positive, { name: "cmd_per_lun", doc: "Commands that can be queued on a unit." }),
  maxSectors: attr(positive, { name: "max_sectors", doc: "Most data in one transfer." }),
  ioeventfd: attr(onOff, { doc: "Take the guest's notifications outside the vCPU thread." }),
  iothread: attr(positive, { doc: "I/O thread that serves the controller." }),
  ...virtioOptions,
});

const model = <const V extends string>(values: readonly V[], doc: string): Member<V, false> =>
  attr<V>(oneOf(...values), {
    doc,
    invalid: "Unknown model type '%s'",
    fault: "configUnsupported",
  });

export const Controller = element("controller", "Where a bus begins.", {
  type: discriminant(CONTROLLER_TYPES, {
    doc: "Kind of bus.",
    default: "ide",
  }),
  index: attr(natural, { doc: "Number among controllers of its kind." }),
  model: choice({
    pci: model(PCI_MODELS, "Kind of PCI controller."),
    usb: model(USB_MODELS, "Chip; `none`: the guest has no USB."),
    scsi: model(SCSI_MODELS, "Chip."),
    ide: model(["piix3", "piix4", "ich6"], "Chip."),
    isa: model(["isa-bridge"], "Chip."),
    "virtio-serial": model(VIRTIO_MODELS, "Revisions of virtio it offers."),
  }),
  ports: choice({
    "virtio-serial": attr(natural, { doc: "Number of ports." }),
    usb: attr(natural, { doc: "Number of ports." }),
  }),
  vectors: choice({ "virtio-serial": attr(natural, { doc: "Number of interrupt vectors." }) }),
  maxGrantFrames: choice({ xenbus: attr(natural, { doc: "Most grant frames." }) }),
  maxEventChannels: choice({ xenbus: attr(natural, { doc: "Most event channels." }) }),
  modelName: choice({
    pci: child(
      element("model", "QEMU device.", {
        name: attr(unless("none", oneOf(...PCI_MODEL_NAMES)), { doc: "Name of the QEMU device." }),
      }),
      { doc: "QEMU device." },
    ),
  }),
  target: choice({ pci: child(Target, { doc: "What the guest sees of it." }) }),
  pciHole64KiB: choice({
    pci: scaledText({ name: "pcihole64", unit: KIB, doc: "Size of the 64-bit window." }),
  }),
  driver: child(Driver, { doc: "How the controller is served." }),
  alias,
  master,
  acpi,
  address,
});
export type Controller = Infer<typeof Controller>;
export type ControllerType = (typeof CONTROLLER_TYPES)[number];
export type PciModel = (typeof PCI_MODELS)[number];
export type UsbModel = (typeof USB_MODELS)[number];
export type ScsiModel = (typeof SCSI_MODELS)[number];
