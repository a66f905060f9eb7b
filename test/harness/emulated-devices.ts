/** Devices other than PCI's for an emulated kernel. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EmulatedKernel } from "./emulated-kernel.ts";

/** A node of /dev that nobody reads. */
export function putNode(kernel: EmulatedKernel, path: string): void {
  const place = join(kernel.root, "dev", path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, "");
}

/** VFIO is there. */
export function putVfio(kernel: EmulatedKernel): void {
  kernel.addDriver("vfio-pci");
  putNode(kernel, "vfio/vfio");
}

interface UsbWish {
  /** Place in the tree, as `1-4`. */
  readonly port: string;
  readonly bus: number;
  readonly device: number;
  /** `046d:c31c` */
  readonly id: string;
}

const digits = (number: number): string => String(number).padStart(3, "0");

export function putUsb(kernel: EmulatedKernel, { port, bus, device, id }: UsbWish): void {
  const [idVendor = "", idProduct = ""] = id.split(":");
  const numbers = { busnum: String(bus), devnum: String(device) };
  const directory = kernel.put(`devices/usb${bus}/${port}`, { idVendor, idProduct, ...numbers });
  kernel.link(`bus/usb/devices/${port}`, directory);
  putNode(kernel, `bus/usb/${digits(bus)}/${digits(device)}`);
}

/** @param unit `0:0:3:0`, with its generic node */
export function putScsi(kernel: EmulatedKernel, unit: string, generic: string): void {
  const directory = kernel.put(`devices/scsi/${unit}`, {
    vendor: "ACME",
    model: "Tape",
    type: "1",
  });
  kernel.link(`bus/scsi/devices/${unit}`, directory);
  kernel.put(`${directory}/scsi_generic/${generic}`, { dev: "21:0" });
  putNode(kernel, generic);
}

/** A kind of mediated devices that a PCI device can have. */
function putMdevType(kernel: EmulatedKernel, parent: string, type: string): void {
  kernel.put(`${parent}/mdev_supported_types/${type}`, {
    name: "GRID T4",
    device_api: "vfio-pci",
    available_instances: "4",
    create: "",
  });
}

interface MdevWish {
  readonly parent: string;
  readonly type: string;
  readonly uuid: string;
  readonly group: number;
}

/** A mediated device that somebody has made, and its kind. */
export function putMdev(kernel: EmulatedKernel, { parent, type, uuid, group }: MdevWish): void {
  putMdevType(kernel, parent, type);
  const directory = kernel.put(`${parent}/${uuid}`, { remove: "" });
  kernel.link(`${directory}/mdev_type`, `${parent}/mdev_supported_types/${type}`);
  kernel.link(`bus/mdev/devices/${uuid}`, directory);
  kernel.link(`${directory}/iommu_group`, kernel.put(`kernel/iommu_groups/${group}`));
}
