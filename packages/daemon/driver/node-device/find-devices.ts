/** Which device of the host a definition means, other than PCI's. */
import { access } from "node:fs/promises";
import { isError, virError, type VireoError } from "@vireo/model/error";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import { hostPciName } from "@vireo/model/domain/host-pci-name";
import { type UsbDevice, usbDevices } from "../../host/usb-devices.ts";
import { hostError } from "../../host/errno.ts";
import type { DeviceKind } from "./device-book.ts";
import type { DeviceTree } from "./device-tree.ts";

type Of<T extends Hostdev["type"]> = Extract<Hostdev, { type: T }>;
type UsbSource = NonNullable<Of<"usb">["source"]>;

const hex = (value: number): string => value.toString(16).padStart(4, "0");

const isNamed = ({ vendor, product }: UsbSource, one: UsbDevice): boolean =>
  vendor === undefined || (one.vendor === vendor.id && one.product === product?.id);
const isThere = ({ address }: UsbSource, { bus, device }: UsbDevice): boolean =>
  address === undefined || (bus === address.bus && device === address.device);

function noUsb({ vendor, product, address }: UsbSource): VireoError {
  const name = vendor && `${hex(vendor.id)}:${hex(product?.id ?? 0)}`;
  const place = address && `bus:${address.bus} device:${address.device}`;
  const what = [name, place].filter((one) => one !== undefined).join(" ");
  return virError("internalError", `Did not find USB device ${what}`);
}

function severalUsb({ vendor, product }: UsbSource): VireoError {
  const name = [vendor?.id ?? 0, product?.id ?? 0].map((id) => id.toString(16)).join(":");
  return virError(
    "operationFailed",
    `Multiple USB devices for ${name}, use <address> to specify one`,
  );
}

/** Which of the host's devices is meant. @throws VireoError `internalError`, `operationFailed` */
export function chooseUsb({ source = {} }: Of<"usb">, present: readonly UsbDevice[]): UsbDevice {
  const named = present.filter((one) => isNamed(source, one));
  const [first, second] = named.filter((one) => isThere(source, one));
  if (first === undefined) throw noUsb(source);
  if (second !== undefined) throw severalUsb(source);
  return first;
}

/** With the numbers that the host gave it. One that may be missing and is, is only marked. */
async function placedUsb(tree: DeviceTree, hostdev: Of<"usb">): Promise<Of<"usb">> {
  const { source = {} } = hostdev;
  try {
    const { bus, device } = chooseUsb(hostdev, await usbDevices(tree.at("bus/usb/devices")));
    return { ...hostdev, source: { ...source, address: { ...source.address, bus, device } } };
  } catch (error) {
    if (source.startupPolicy !== "optional" || isError(error, "operationFailed")) throw error;
    return { ...hostdev, source: { ...source, missing: true } };
  }
}

type ScsiSource = NonNullable<Of<"scsi">["source"]>;

/** `host:bus:target:unit`. @throws VireoError `internalError` */
function scsiName({ adapter, address }: ScsiSource): string {
  const host = /^scsi_host(\d+)$/.exec(adapter?.name ?? "")?.[1];
  if (host === undefined)
    throw virError("internalError", `Cannot parse adapter '${adapter?.name ?? ""}'`);
  const { bus = 0, target = 0, unit = "0" } = address ?? {};
  return `${host}:${bus}:${target}:${unit}`;
}

/** Absent of an iSCSI unit, which is no device of this host. @throws VireoError `systemError` */
async function scsiUnit(
  tree: DeviceTree,
  { source = {} }: Of<"scsi">,
): Promise<string | undefined> {
  if (source.protocol === "iscsi") return undefined;
  const name = scsiName(source);
  const directory = tree.at(`bus/scsi/devices/${name}/scsi_generic`);
  await access(directory).catch((error: unknown) => {
    throw hostError(`cannot open directory '${tree.shown(directory)}'`, error);
  });
  return name;
}

/** @throws VireoError `deviceMissing` */
async function mdevUuid(tree: DeviceTree, { source }: Of<"mdev">): Promise<string> {
  const uuid = source?.address?.uuid ?? "";
  const names = await tree.names(tree.at("bus/mdev/devices"));
  if (names.includes(uuid)) return uuid;
  throw virError("deviceMissing", `mediated device '${uuid}' not found`);
}

/** The device as it is on the host, and which that is: none when it may be missing and is, or is elsewhere. */
export interface FoundOnHost {
  readonly hostdev: Hostdev;
  readonly device?: { readonly kind: DeviceKind; readonly name: string };
}

/** @throws VireoError when it cannot be found, in libvirt's words */
export async function findDevice(tree: DeviceTree, hostdev: Hostdev): Promise<FoundOnHost> {
  switch (hostdev.type) {
    case "pci": {
      const name = hostPciName(hostdev.source?.address ?? {});
      return { hostdev: { ...hostdev, driver: { name: "vfio" } }, device: { kind: "pci", name } };
    }
    case "usb":
      return foundUsb(await placedUsb(tree, hostdev));
    case "scsi": {
      const name = await scsiUnit(tree, hostdev);
      return { hostdev, ...(name !== undefined && { device: { kind: "scsi", name } }) };
    }
    case "scsi_host":
      return { hostdev, device: { kind: "scsi_host", name: hostdev.source?.wwpn ?? "" } };
    case "mdev":
      return { hostdev, device: { kind: "mdev", name: await mdevUuid(tree, hostdev) } };
    default:
      return { hostdev }; // of containers: refused elsewhere
  }
}

function foundUsb(hostdev: Of<"usb">): FoundOnHost {
  const { missing, address } = hostdev.source ?? {};
  if (missing === true || address === undefined) return { hostdev };
  return { hostdev, device: { kind: "usb", name: `${address.bus}:${address.device}` } };
}
