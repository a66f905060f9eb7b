/** Devices of the host that a guest is given: found, and refused where the host cannot give them. */
import { existsSync, readdirSync } from "node:fs";
import { virError, type VireoError } from "@vireo/model/error";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { type UsbDevice, usbDevices } from "../../host/usb-devices.ts";

type Usb = Extract<Hostdev, { type: "usb" }>;

const hex = (value: number): string => value.toString(16).padStart(4, "0");

type UsbSource = NonNullable<Usb["source"]>;

const isNamed = ({ vendor, product }: UsbSource, one: UsbDevice): boolean =>
  vendor === undefined || (one.vendor === vendor.id && one.product === product?.id);
const isThere = ({ address }: UsbSource, { bus, device }: UsbDevice): boolean =>
  address === undefined || (bus === address.bus && device === address.device);

function noUsb({ vendor, product, address }: UsbSource): VireoError {
  const what =
    vendor === undefined
      ? `bus:${address?.bus ?? 0} device:${address?.device ?? 0}`
      : `${hex(vendor.id)}:${hex(product?.id ?? 0)}`;
  return virError("internalError", `Did not find USB device ${what}`);
}

function severalUsb({ vendor, product }: UsbSource): VireoError {
  const name = [vendor?.id ?? 0, product?.id ?? 0].map((id) => id.toString(16)).join(":");
  return virError(
    "operationFailed",
    `multiple USB devices for ${name}, use <address> to specify one`,
  );
}

/** Which of the host's devices is meant. @throws VireoError `internalError`, `operationFailed` */
export function chooseUsb({ source = {} }: Usb, present: readonly UsbDevice[]): UsbDevice {
  const named = present.filter((one) => isNamed(source, one));
  const placed = named.filter((one) => isThere(source, one));
  // a device that was plugged in again has another number
  const isMoved = source.vendor !== undefined && placed.length === 0;
  const [first, second] = isMoved ? named : placed;
  if (first === undefined) throw noUsb(source);
  if (second !== undefined) throw severalUsb(source);
  return first;
}

/** With the numbers that the host gave it. One that may be missing and is, is only marked. */
async function placedUsb(hostdev: Usb): Promise<Usb> {
  const { source = {} } = hostdev;
  try {
    const { bus, device } = chooseUsb(hostdev, await usbDevices());
    return { ...hostdev, source: { ...source, address: { ...source.address, bus, device } } };
  } catch (error) {
    if (source.startupPolicy !== "optional") throw error;
    return { ...hostdev, source: { ...source, missing: true } };
  }
}

const hasVfio = (): boolean =>
  existsSync("/dev/vfio/vfio") &&
  existsSync("/sys/kernel/iommu_groups") &&
  readdirSync("/sys/kernel/iommu_groups").length > 0;

/**
 * The device as it is on this host now.
 * @throws VireoError `configUnsupported`, `systemError`, `internalError`, `operationFailed`
 */
export async function assignedDevice(hostdev: Hostdev): Promise<Hostdev> {
  if (hostdev.type === "usb") return placedUsb(hostdev);
  if (hostdev.type === "pci" && !hasVfio())
    throw virError("configUnsupported", "host doesn't support passthrough of host PCI devices");
  if (hostdev.type === "mdev" && !hasVfio())
    throw virError("configUnsupported", "Mediated host device assignment requires VFIO support");
  return hostdev;
}

/** All of a domain that is about to start. */
export async function withAssigned(config: ResolvedDomain): Promise<ResolvedDomain> {
  const { hostdevs } = config.devices;
  if (hostdevs === undefined) return config;
  const found = await Promise.all(hostdevs.map(assignedDevice));
  return { ...config, devices: { ...config.devices, hostdevs: found } };
}
