/** What the guest sees of a disk: `-device`. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { deviceWriteCache } from "../block/cache-mode.ts";
import { cacheMode } from "./disk-image.ts";
import { given, type JsonObject } from "../json.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { busProps } from "./bus-address.ts";
import { controllerAlias } from "./controller-alias.ts";
import { drivePlace, scsiPlace } from "./scsi-place.ts";
import type { DeviceScope } from "./scope.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

const isOptical = (disk: Disk): boolean => disk.device === "cdrom";

const scsiDriver = (disk: Disk): string => {
  if (disk.device === "lun") return "scsi-block";
  return isOptical(disk) ? "scsi-cd" : "scsi-hd";
};

function driver(disk: Disk): string {
  const bus = disk.target?.bus;
  switch (bus) {
    case "virtio": {
      const base = disk.type === "vhostuser" ? "vhost-user-blk" : "virtio-blk";
      return virtioDriver(base, disk.address, disk.model);
    }
    case "ide":
    case "sata":
      return isOptical(disk) ? "ide-cd" : "ide-hd";
    case "scsi":
      return scsiDriver(disk);
    case "usb":
      return "usb-storage";
    case "fdc":
      return "floppy";
    default:
      throw virError("configUnsupported", `unsupported disk bus '${bus ?? ""}' with device setup`);
  }
}

/** Bus and unit on it. */
function place(disk: Disk, scope: DeviceScope): JsonObject {
  const { controller, bus, unit } = drivePlace(disk.address);
  const { domain } = scope;
  switch (disk.target?.bus) {
    case "ide":
      return { bus: `${controllerAlias(domain, "ide", controller)}.${bus}`, unit };
    case "sata":
      return { bus: `${controllerAlias(domain, "sata", controller)}.${unit}` };
    case "fdc":
      return { unit };
    case "scsi":
      return scsiPlace(disk.address, domain);
    default:
      return busProps(disk, scope);
  }
}

/** Identity pages of SCSI disks: stable across QEMU versions only when named. */
const scsiIdentity = (disk: Disk): JsonObject =>
  disk.target?.bus === "scsi" && disk.device !== "lun"
    ? { device_id: disk.serial ?? `drive-${aliasOf(disk)}` }
    : {};

function virtioBlockProps(disk: Disk, { caps }: DeviceScope): JsonObject {
  const { driver: settings } = disk;
  if (disk.target?.bus !== "virtio") return {};
  const passthrough = disk.device === "lun" && caps.flags.has("virtio-blk-pci.scsi");
  return {
    iothread: settings?.iothread === undefined ? undefined : `iothread${settings.iothread}`,
    ioeventfd: settings?.ioeventfd,
    event_idx: settings?.eventIdx,
    scsi: passthrough ? true : undefined,
    "num-queues": settings?.queues,
    "queue-size": settings?.queueSize,
    ...virtioProps(settings),
  };
}

const geometryProps = ({ geometry }: Disk): JsonObject => ({
  cyls: geometry?.cyls,
  heads: geometry?.heads,
  secs: geometry?.secs,
  "bios-chs-trans": geometry?.trans,
});

const blockSizes = ({ blockIo }: Disk): JsonObject => ({
  logical_block_size: blockIo?.logicalBlockSize,
  physical_block_size: blockIo?.physicalBlockSize,
});

/** A read error follows the write policy, except that a read cannot lack space. */
function errorProps({ driver: settings }: Disk): JsonObject {
  const write = settings?.errorPolicy;
  const read = settings?.readErrorPolicy ?? (write === "enospace" ? undefined : write);
  return { werror: write === "enospace" ? "enospc" : write, rerror: read };
}

const identityProps = (disk: Disk): JsonObject => ({
  serial: disk.serial?.replaceAll(" ", "\\ "),
  wwn: disk.wwn === undefined ? undefined : BigInt(`0x${disk.wwn.replace(/^0x/i, "")}`),
  vendor: disk.vendor,
  product: disk.product,
  rotation_rate: disk.target?.rotationRate,
});

const usbProps = (disk: Disk): JsonObject =>
  disk.target?.bus === "usb" ? { removable: disk.target.removable === true } : {};

/** What the guest's device is connected to: the top block node, or a vhost-user process. */
export interface DiskBackend {
  readonly drive?: string;
  readonly chardev?: string;
}

export function diskDevice(disk: Disk, backend: DiskBackend, scope: DeviceScope): JsonObject {
  const floppy = disk.target?.bus === "fdc";
  return given({
    driver: driver(disk),
    ...virtioBlockProps(disk, scope),
    ...place(disk, scope),
    ...scsiIdentity(disk),
    "share-rw": disk.shareable === true ? true : undefined,
    drive: backend.drive,
    chardev: backend.chardev,
    id: aliasOf(disk),
    bootindex: floppy ? undefined : bootIndex(disk, scope),
    ...geometryProps(disk),
    ...blockSizes(disk),
    "write-cache":
      disk.device === "lun" || backend.chardev !== undefined
        ? undefined
        : deviceWriteCache(cacheMode(disk)),
    ...identityProps(disk),
    ...usbProps(disk),
    ...errorProps(disk),
  });
}
