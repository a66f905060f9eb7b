/** Disks: what only some buses, kinds and sources have. */
import type { Disk } from "../device/disk.ts";
import type { Domain } from "../domain.ts";
import { virError } from "../../error.ts";
import { sourceOf } from "./check-disk.ts";
import { type DeviceRule, eachDevice } from "./each-device.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

type DiskRule = DeviceRule<Disk>;
const eachDisk = (...rules: readonly DiskRule[]): ((domain: Domain) => void) =>
  eachDevice(({ disks }) => disks, ...rules);
const busOf = ({ target }: Disk): string => target?.bus ?? "";
const devOf = ({ target }: Disk): string => target?.dev ?? "";

const REMOVABLE_MEDIA: readonly (string | undefined)[] = ["cdrom", "floppy"];
/** Nothing to read from. */
const isEmpty = (disk: Disk): boolean =>
  disk.source === undefined ||
  ((disk.type === "file" || disk.type === "block" || disk.type === "dir") &&
    sourceOf(disk) === undefined);

const hasSource: DiskRule = (disk) => {
  if (isEmpty(disk) && !REMOVABLE_MEDIA.includes(disk.device))
    throw virError("noSource", devOf(disk));
};
const volumeComplete: DiskRule = (disk) => {
  if (disk.type !== "volume" || disk.source === undefined) return;
  if ((disk.source.pool === undefined) !== (disk.source.volume === undefined))
    wrongXml("'pool' and 'volume' must be specified together for 'pool' type source");
};
const hostsFit: DiskRule = (disk) => {
  for (const { transport, socket } of disk.type === "network" ? (disk.source?.hosts ?? []) : []) {
    if (transport === "unix" && socket === undefined) wrongXml("missing socket for unix transport");
    if (transport !== "unix" && socket !== undefined)
      wrongXml(`transport '${transport ?? "(null)"}' does not support socket attribute`);
  }
};
const secretComplete: DiskRule = (disk) => {
  const auth = disk.source?.auth ?? disk.auth;
  if (auth === undefined) return;
  if (auth.secret === undefined) wrongXml("Missing <secret> element in auth");
  else if (auth.secret.uuid === undefined && auth.secret.usage === undefined)
    wrongXml("missing secret uuid or usage attribute");
};
const policyFits: DiskRule = ({ source, device }) => {
  if (source?.startupPolicy === "requisite" && !REMOVABLE_MEDIA.includes(device))
    wrongXml("disk startupPolicy 'requisite' is allowed only for cdrom or floppy");
};
const wwnFits: DiskRule = ({ wwn }) => {
  if (wwn !== undefined && !/^(?:0x)?[0-9a-fA-F]{16}$/.test(wwn)) internal(`Malformed wwn: ${wwn}`);
};
/** Sources are complete, before anybody looks at the host. */
export const checkDiskSources: (domain: Domain) => void = eachDisk(
  secretComplete,
  hostsFit,
  volumeComplete,
  wwnFits,
  policyFits,
  hasSource,
);

const TUNES = ["bytesSec", "iopsSec", "bytesSecMax", "iopsSecMax"] as const;
const TUNE_NAMES = {
  bytesSec: "bytes_sec",
  iopsSec: "iops_sec",
  bytesSecMax: "bytes_sec_max",
  iopsSecMax: "iops_sec_max",
} as const;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const tuneFits: DiskRule = ({ iotune = {} }) => {
  const limits: ReadonlyMap<string, unknown> = new Map(Object.entries(iotune));
  const set = (key: string): boolean => Boolean(limits.get(key));
  for (const tune of TUNES) {
    const name = capital(tune);
    if (set(`total${name}`) && (set(`read${name}`) || set(`write${name}`)))
      wrongXml(`total and read/write ${TUNE_NAMES[tune]} cannot be set at the same time`);
  }
};
const lunFits: DiskRule = (disk) => {
  const bus = busOf(disk);
  if (disk.device === "lun" && bus !== "scsi" && bus !== "virtio")
    unsupported(`disk device='lun' is not supported for bus='${bus}'`);
  if (disk.device === "lun") return;
  if (disk.rawio !== undefined) unsupported("rawio can be used only with device='lun'");
  if (disk.sgio !== undefined) unsupported("sgio can be used only with device='lun'");
  if (disk.source?.reservations !== undefined)
    unsupported("<reservations/> allowed only for lun devices");
};
const virtioFits: DiskRule = (disk) => {
  const { model, address, driver, device } = disk;
  const bus = busOf(disk);
  if (bus !== "virtio") {
    if (model !== undefined) unsupported(`disk model '${model}' not supported for bus '${bus}'`);
    if (driver?.queues !== undefined)
      unsupported("queues attribute in disk driver element is only supported by virtio-blk");
    return;
  }
  if (REMOVABLE_MEDIA.includes(device))
    unsupported(`disk type of '${devOf(disk)}' does not support ejectable media`);
  if (address?.type === "drive" || address?.type === "usb")
    unsupported(`virtio disk cannot have an address of type '${address.type}'`);
};
const driverFits: DiskRule = (disk) => {
  const { driver, readonly } = disk;
  if (driver?.name !== undefined && driver.name !== "qemu")
    unsupported(`unsupported driver name '${driver.name}' for disk '${devOf(disk)}'`);
  if (driver?.io === "native" && driver.cache !== "none" && driver.cache !== "directsync")
    unsupported("io='native' needs either no disk cache or directsync cache mode");
  if (driver?.copyOnRead === true && readonly === true)
    unsupported(`copy_on_read is not compatible with read-only disk '${devOf(disk)}'`);
};
/** A disk of these buses cannot tell the guest that it is not to be written. */
const ALWAYS_WRITABLE: readonly string[] = ["ide", "sata"];
const writable: DiskRule = (disk) => {
  const { device = "disk", readonly } = disk;
  if (device === "disk" && readonly === true && ALWAYS_WRITABLE.includes(busOf(disk)))
    unsupported(`readonly ${busOf(disk)} disks are not supported`);
};
const directoryFits: DiskRule = ({ type, driver, readonly }) => {
  if (type === "dir" && driver?.type === "fat" && readonly !== true)
    unsupported("virtual FAT storage can't be accessed in read-write mode");
};
const ROTATING: readonly string[] = ["scsi", "ide", "sata"];
const namesFit: DiskRule = (disk) => {
  const { vendor = "", product = "" } = disk;
  if (vendor.length > 8) unsupported("disk vendor is more than 8 characters");
  if (product.length > 16) unsupported("disk product is more than 16 characters");
  if (vendor + product !== "" && busOf(disk) !== "scsi")
    unsupported("Only scsi disk supports vendor and product");
};
const numbersFit: DiskRule = (disk) => {
  const { serial = "", wwn } = disk;
  if (wwn !== undefined && busOf(disk) !== "scsi" && busOf(disk) !== "ide")
    unsupported("Only ide and scsi disk support wwn");
  if (!/^[\w .+-]*$/.test(serial)) internal(`driver serial '${serial}' contains unsafe characters`);
};
const targetFits: DiskRule = (disk) => {
  const bus = busOf(disk);
  const { geometry, target } = disk;
  if (target?.rotationRate !== undefined && !ROTATING.includes(bus))
    internal("rotation rate is only valid for SCSI/IDE/SATA bus");
  if (target?.removable !== undefined && bus !== "usb")
    wrongXml("removable is only valid for usb disks");
  if (geometry?.trans !== undefined && bus !== "ide")
    unsupported(`CHS translation mode can only be set for 'ide' bus not '${bus}'`);
};
/** What the disk's bus and kind can do. */
export const checkDiskParts: (domain: Domain) => void = eachDisk(
  tuneFits,
  virtioFits,
  lunFits,
  driverFits,
  writable,
  directoryFits,
  namesFit,
  numbersFit,
  targetFits,
);
