/** What plugs into what on PCI: kinds of devices, and what the buses of each kind of controller accept. */
import type { Controller, PciModel, ScsiModel, UsbModel } from "../device/controller.ts";

/** How a device is connected; libvirt's words in messages are in `CONNECT_NAMES`. */
export type PciKind =
  | "pci"
  | "pcie"
  | "root-port"
  | "upstream-port"
  | "downstream-port"
  | "dmi-to-pci-bridge"
  | "pcie-to-pci-bridge"
  | "pci-expander-bus"
  | "pcie-expander-bus"
  | "pci-bridge"
  | "none";

export const CONNECT_NAMES: Readonly<Record<PciKind, string>> = {
  pci: "standard PCI device",
  pcie: "PCI Express device",
  "root-port": "pcie-root-port",
  "upstream-port": "pcie-switch-upstream-port",
  "downstream-port": "pcie-switch-downstream-port",
  "dmi-to-pci-bridge": "dmi-to-pci-bridge",
  "pcie-to-pci-bridge": "pcie-to-pci-bridge",
  "pci-expander-bus": "pci-expander-bus",
  "pcie-expander-bus": "pcie-expander-bus",
  "pci-bridge": "pci-bridge",
  none: "unknown device",
};

/** What a device asks of a bus. */
export interface PciConnect {
  readonly kind: PciKind;
  /** The bus must allow adding and removing while the guest runs. */
  readonly hotplug?: boolean;
  /** Functions of one slot may be shared by several of the kind. */
  readonly aggregate?: boolean;
  /** Only on the root bus. */
  readonly integrated?: boolean;
}

export const PCI: PciConnect = { kind: "pci", hotplug: true };
/** Wants to be on PCI, but QEMU has no such PCI device. */
export const NO_PCI: PciConnect = { kind: "none" };
export const PCIE: PciConnect = { kind: "pcie", hotplug: true };

/** How modern devices are connected, where board and QEMU allow PCI Express. */
export interface PciOffer {
  /** Of devices that prefer Express. */
  readonly express: PciConnect;
  /** Of virtio devices that can do without legacy PCI. */
  readonly virtio: PciConnect;
}

/** What a bus offers. */
export interface PciBusKind {
  readonly accepts: readonly PciKind[];
  readonly hotplug: boolean;
  readonly minSlot: number;
  readonly maxSlot: number;
}
const bus = (
  accepts: readonly PciKind[],
  [minSlot, maxSlot]: readonly [number, number],
  hotplug = false,
): PciBusKind => ({ accepts, hotplug, minSlot, maxSlot });

export const PCI_BUSES: Readonly<Record<PciModel, PciBusKind>> = {
  "pci-root": bus(["pci", "pci-bridge", "pci-expander-bus"], [1, 31], true),
  "pci-bridge": bus(["pci", "pci-bridge"], [1, 31], true),
  "pci-expander-bus": bus(["pci", "pci-bridge"], [0, 31], true),
  "pcie-root": bus(["pcie", "root-port", "dmi-to-pci-bridge", "pcie-expander-bus"], [1, 31]),
  "dmi-to-pci-bridge": bus(["pci", "pci-bridge"], [0, 31]),
  "pcie-to-pci-bridge": bus(["pci", "pci-bridge"], [1, 31], true),
  "pcie-root-port": bus(["pcie", "upstream-port", "pcie-to-pci-bridge"], [0, 0], true),
  "pcie-switch-downstream-port": bus(["pcie", "upstream-port", "pcie-to-pci-bridge"], [0, 0], true),
  "pcie-switch-upstream-port": bus(["downstream-port"], [0, 31]),
  "pcie-expander-bus": bus(["root-port", "dmi-to-pci-bridge"], [0, 31]),
};

const CONTROLLER_KINDS: Readonly<Partial<Record<PciModel, PciConnect>>> = {
  "pci-bridge": { kind: "pci-bridge" },
  "dmi-to-pci-bridge": { kind: "dmi-to-pci-bridge" },
  "pcie-to-pci-bridge": { kind: "pcie-to-pci-bridge" },
  "pcie-root-port": { kind: "root-port", aggregate: true },
  "pcie-switch-upstream-port": { kind: "upstream-port" },
  "pcie-switch-downstream-port": { kind: "downstream-port" },
  "pci-expander-bus": { kind: "pci-expander-bus" },
  "pcie-expander-bus": { kind: "pcie-expander-bus" },
};

const EXPRESS_USB: readonly UsbModel[] = ["nec-xhci", "qemu-xhci"];
const virtioScsi = new Set<ScsiModel>(["virtio-scsi", "virtio-non-transitional"]);

/** How a controller itself is connected; `undefined` when it is not on PCI. */
export function controllerConnect(
  controller: Controller,
  { express, virtio }: PciOffer,
): PciConnect | undefined {
  switch (controller.type) {
    case "pci":
      return CONTROLLER_KINDS[controller.model ?? "pci-root"];
    case "usb":
      return usbConnect(controller.model, express);
    case "scsi":
      return scsiConnect(controller.model, virtio);
    case "virtio-serial":
      return controller.model === "virtio-transitional" ? PCI : virtio;
    case "ide":
    case "sata":
      return PCI;
    default:
      return undefined;
  }
}

function usbConnect(model: UsbModel | undefined, express: PciConnect): PciConnect | undefined {
  if (model === "none") return undefined;
  return model !== undefined && EXPRESS_USB.includes(model) ? express : PCI;
}
function scsiConnect(model: ScsiModel | undefined, virtio: PciConnect): PciConnect | undefined {
  if (model === "ibmvscsi") return undefined;
  return model !== undefined && virtioScsi.has(model) ? virtio : PCI;
}
