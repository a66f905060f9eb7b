/** Disks: names, buses, addresses and formats that go together. */
import type { Disk } from "../device/disk.ts";
import type { Domain } from "../domain.ts";
import { virError } from "../../error.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** Path or name of what is in the drive, as libvirt's messages name it. */
export function sourceOf(disk: Disk): string | undefined {
  switch (disk.type) {
    case "file":
      return disk.source?.file;
    case "block":
      return disk.source?.dev;
    case "dir":
      return disk.source?.dir;
    case "network":
      return disk.source?.name;
    case "vhostuser":
      return disk.source?.path;
    case "volume":
    case "nvme":
      return undefined;
  }
}

/** Every disk has a name, and a name of a whole disk. */
export function checkDiskTarget({ devices }: Domain): void {
  for (const disk of devices?.disks ?? []) {
    const dev = disk.target?.dev;
    if (dev === undefined) throw virError("noTarget", sourceOf(disk));
    if (/^(?:fd|hd|vd|sd|xvd|ubd)[a-z]+\d+$/.test(dev))
      unsupported(`invalid disk target '${dev}', partitions can't appear in disk targets`);
  }
}

/** No name twice. */
export function checkDiskNames({ devices }: Domain): void {
  const seen = new Map<string, Disk>();
  for (const disk of devices?.disks ?? []) {
    const dev = disk.target?.dev ?? "";
    const other = seen.get(dev);
    if (other !== undefined)
      wrongXml(
        `target '${dev}' duplicated for disk sources '${sourceOf(other) ?? "<null>"}' and '${sourceOf(disk) ?? "<null>"}'`,
      );
    seen.set(dev, disk);
  }
}

/** Credentials and encryption are given once: inside the source, or in their older place beside it. */
export function checkDiskSecrets({ devices }: Domain): void {
  for (const disk of devices?.disks ?? []) {
    const { auth, encryption, source } = disk;
    if (auth !== undefined && source?.auth !== undefined)
      unsupported("an <auth> definition already found for disk source");
    if (encryption !== undefined && source?.encryption !== undefined)
      unsupported("an <encryption> definition already found for disk source");
    checkAuthSecret(disk);
  }
}

const SECRET_OF: Readonly<Record<string, string>> = { iscsi: "iscsi", rbd: "ceph", ssh: "ssh" };

function checkAuthSecret(disk: Disk): void {
  const auth = disk.source?.auth ?? disk.auth;
  if (disk.type !== "network" || auth?.secret === undefined) return;
  const { type } = auth.secret;
  if (type === undefined || !["iscsi", "ceph", "volume", "tls", "vtpm"].includes(type))
    unsupported(`unknown secret type '${type ?? "<null>"}'`);
  const expected = SECRET_OF[disk.source?.protocol ?? ""];
  if (expected !== undefined && type !== expected)
    unsupported(`invalid secret type '${type ?? ""}'`);
}

const DRIVE_BUSES: readonly (string | undefined)[] = ["ide", "fdc", "scsi", "sata"];

/** The address fits the bus. */
export function checkDiskAddress({ devices }: Domain): void {
  for (const { target, address } of devices?.disks ?? []) {
    if (address === undefined || address.type === "unassigned") continue;
    if (DRIVE_BUSES.includes(target?.bus) && address.type !== "drive")
      unsupported(
        `Invalid address type '${address.type}' for the disk '${target?.dev ?? ""}' with the bus type '${target?.bus ?? ""}'`,
      );
    if (target?.bus === "usb" && address.type !== "usb")
      internal("unexpected address type for usb disk");
  }
}

/** Formats QEMU writes. */
export function checkDiskFormat({ devices }: Domain): void {
  for (const disk of devices?.disks ?? []) {
    const format = disk.driver?.type;
    if (format === "cow") unsupported("'cow' storage format is not supported");
    if (format === "iso")
      unsupported("storage format 'iso' is not directly supported by QEMU, use 'raw' instead");
    const encryption = disk.source?.encryption ?? disk.encryption;
    if (encryption === undefined) continue;
    if (encryption.cipher !== undefined)
      unsupported("supplying <cipher> for domain disk definition is unnecessary");
    const byQemu = encryption.engine !== "librbd";
    if (byQemu && format !== undefined && format !== "raw" && format !== "qcow2")
      unsupported("encryption is supported only with 'raw' and 'qcow2' image format");
  }
}

/** What only some kinds of drives are and have. */
export function checkDiskKind({ devices }: Domain): void {
  for (const disk of devices?.disks ?? []) {
    const { device = "disk", target, startupPolicy } = { ...disk, startupPolicy: policyOf(disk) };
    if (device === "floppy" && target?.bus !== "fdc")
      unsupported(`Invalid bus type '${target?.bus ?? ""}' for floppy disk`);
    if (device !== "floppy" && target?.bus === "fdc")
      unsupported(`Invalid bus type 'fdc' for disk`);
    if (target?.removable !== undefined && target.bus !== "usb" && target.bus !== "scsi")
      unsupported("removable is only valid for usb or scsi disks");
    if (startupPolicy === "requisite" && device !== "cdrom" && device !== "floppy")
      unsupported("'startupPolicy' attribute 'requisite' is only valid for cdrom or floppy");
    if (
      device === "lun" &&
      disk.type !== "block" &&
      disk.type !== "network" &&
      disk.type !== "volume"
    )
      unsupported(`disk device='lun' is only valid for block type disk source`);
  }
}
const policyOf = (disk: Disk): string | undefined =>
  disk.source !== undefined && "startupPolicy" in disk.source
    ? disk.source.startupPolicy
    : undefined;
