/** What libvirt refuses to give to, or take from, a running domain before QEMU is asked. Pure. */
import { virError, type VireoError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Filesystem } from "@vireo/model/domain/device/filesystem";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";

/** Buses with places for disks that come and go. */
const DISK_BUSES = new Set<string | undefined>(["usb", "virtio", "scsi"]);
/** libvirt leaves it to QEMU to refuse those on IDE and SATA. */
const FIXED_BUSES = new Set<string | undefined>(["fdc", "sd", "xen", "uml"]);

const refuse = (text: string): VireoError => virError("operationUnsupported", text);

export const hasMedium = ({ device }: Disk): boolean => device === "cdrom" || device === "floppy";

/** @throws VireoError `operationUnsupported` */
export function mustBePluggable({ kind, device }: KindedDevice): void {
  if (kind === "disks" && FIXED_BUSES.has(device.target?.bus))
    throw refuse(`disk bus '${device.target?.bus ?? ""}' cannot be hotplugged.`);
  if (kind === "controllers" && device.type !== "scsi")
    throw refuse(`'${device.type}' controller cannot be hot plugged.`);
  if (kind === "inputs" && device.bus === "ps2")
    throw refuse(`input device on bus '${device.bus}' cannot be hot plugged.`);
  if (kind === "filesystems") refuseFilesystem(device);
}

function refuseFilesystem({ driver }: Filesystem): void {
  if (driver?.type !== "virtiofs") throw refuse("only virtiofs filesystems can be hotplugged");
}

/** Kinds of drives that libvirt never takes out. */
function refuseDrive(disk: Disk): void {
  const { device = "disk", target } = disk;
  if (device === "floppy") throw refuse(`disk device type '${device}' cannot be hot unplugged`);
  if (!DISK_BUSES.has(target?.bus))
    throw refuse(
      device === "cdrom"
        ? `disk device type '${device}' cannot be detached`
        : "This type of disk cannot be hot unplugged",
    );
}

/** Before it is looked for. @throws VireoError `operationUnsupported` */
export function mustBeUnpluggableKind({ kind, device }: KindedDevice): void {
  if (kind === "controllers" && device.type !== "scsi")
    throw refuse(`'${device.type}' controller cannot be hot unplugged.`);
}

/** @throws VireoError `operationUnsupported` */
export function mustBeUnpluggable({ kind, device }: KindedDevice): void {
  if (kind === "disks") refuseDrive(device);
  mustBeUnpluggableKind({ kind, device } as KindedDevice); // taken apart above
  if (kind === "inputs" && device.bus === "ps2")
    throw refuse(`input device on bus '${device.bus}' cannot be detached`);
  if (kind === "filesystems") refuseFilesystem(device);
}
