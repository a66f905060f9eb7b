/** Disks: names, buses, addresses and formats that go together. */
import { virError } from "../../error.ts";
import type { Disk } from "../device/disk.ts";
import type { Domain } from "../domain.ts";
import { type DeviceRule, eachDevice } from "./each-device.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

type DiskRule = DeviceRule<Disk>;
const eachDisk = (...rules: readonly DiskRule[]): ((domain: Domain) => void) =>
  eachDevice(({ disks }) => disks, ...rules);

/** Path or name of what is in the drive, as libvirt's messages name it. */
export function sourceOf(disk: Disk): string | undefined {
  if (disk.type === "file") return disk.source?.file;
  if (disk.type === "block") return disk.source?.dev;
  if (disk.type === "dir") return disk.source?.dir;
  if (disk.type === "network") return disk.source?.name;
  return disk.type === "vhostuser" ? disk.source?.path : undefined;
}

const devOf = ({ target }: Disk): string => target?.dev ?? "";
const busOf = ({ target }: Disk): string => target?.bus ?? "";

const hasTarget: DiskRule = (disk) => {
  const dev = disk.target?.dev;
  if (dev === undefined) throw virError("noTarget", sourceOf(disk));
  if (/^(?:fd|hd|vd|sd|xvd|ubd)[a-z]+\d+$/.test(dev))
    unsupported(`invalid disk target '${dev}', partitions can't appear in disk targets`);
};
/** Every disk has a name, and a name of a whole disk. */
export const checkDiskTarget: (domain: Domain) => void = eachDisk(hasTarget);

/** No name twice. */
export function checkDiskNames({ devices }: Domain): void {
  const seen = new Map<string, Disk>();
  for (const disk of devices?.disks ?? []) {
    const other = seen.get(devOf(disk));
    if (other !== undefined)
      wrongXml(
        `target '${devOf(disk)}' duplicated for disk sources '${sourceOf(other) ?? "<null>"}' and '${sourceOf(disk) ?? "<null>"}'`,
      );
    seen.set(devOf(disk), disk);
  }
}

const givenOnce: DiskRule = ({ auth, encryption, source }) => {
  if (auth !== undefined && source?.auth !== undefined)
    unsupported("an <auth> definition already found for disk source");
  if (encryption !== undefined && source?.encryption !== undefined)
    unsupported("an <encryption> definition already found for disk source");
};

const SECRET_TYPES: readonly (string | undefined)[] = ["iscsi", "ceph", "volume", "tls", "vtpm"];
const SECRET_OF: ReadonlyMap<string | undefined, string> = new Map([
  ["iscsi", "iscsi"],
  ["rbd", "ceph"],
]);

const secretFits: DiskRule = (disk) => {
  if (disk.type !== "network") return;
  const { source, auth = source?.auth } = disk;
  if (auth?.secret === undefined) return;
  const { type = "<null>" } = auth.secret;
  if (!SECRET_TYPES.includes(type)) unsupported(`unknown secret type '${type}'`);
  const expected = SECRET_OF.get(source?.protocol);
  if (expected !== undefined && type !== expected) unsupported(`invalid secret type '${type}'`);
};
/** Credentials and encryption are given once, inside the source or in their older place; secrets fit the protocol. */
export const checkDiskSecrets: (domain: Domain) => void = eachDisk(givenOnce, secretFits);

const DRIVE_BUSES: readonly string[] = ["ide", "fdc", "scsi", "sata"];

const addressFits: DiskRule = (disk) => {
  const { address } = disk;
  if (address === undefined || address.type === "unassigned") return;
  if (DRIVE_BUSES.includes(busOf(disk)) && address.type !== "drive")
    unsupported(
      `Invalid address type '${address.type}' for the disk '${devOf(disk)}' with the bus type '${busOf(disk)}'`,
    );
  if (busOf(disk) === "usb" && address.type !== "usb")
    internal("unexpected address type for usb disk");
};
/** The address fits the bus. */
export const checkDiskAddress: (domain: Domain) => void = eachDisk(addressFits);

const REFUSED_FORMATS: ReadonlyMap<string, string> = new Map([
  ["luks", "unknown driver format value 'luks'"],
  ["cow", "'cow' storage format is not supported"],
  ["iso", "storage format 'iso' is not directly supported by QEMU, use 'raw' instead"],
  [
    "dir",
    "'directory' storage format is not directly supported by QEMU, use 'dir' disk type instead",
  ],
]);
const formatKnown: DiskRule = ({ driver, type }) => {
  const refused = REFUSED_FORMATS.get(driver?.type ?? "");
  if (refused !== undefined) unsupported(refused);
  if (driver?.type === "fat" && type !== "dir" && type !== "volume")
    unsupported("storage format 'fat' is supported only with 'dir' storage type");
};

const ENCRYPTED_FORMATS: readonly string[] = ["raw", "qcow2"];

const encryptionFits: DiskRule = (disk) => {
  const encryption = disk.source?.encryption ?? disk.encryption;
  if (encryption === undefined) return;
  if (encryption.cipher !== undefined)
    unsupported("supplying <cipher> for domain disk definition is unnecessary");
  const format = disk.driver?.type ?? "raw";
  if (encryption.engine !== "librbd" && !ENCRYPTED_FORMATS.includes(format))
    unsupported("encryption is supported only with 'raw' and 'qcow2' image format");
};
/** Formats QEMU writes. */
export const checkDiskFormat: (domain: Domain) => void = eachDisk(formatKnown, encryptionFits);

const busFits: DiskRule = (disk) => {
  const floppy = disk.device === "floppy";
  if (floppy && busOf(disk) !== "fdc")
    internal(`Invalid bus type '${busOf(disk)}' for floppy disk`);
  if (!floppy && busOf(disk) === "fdc") internal("Invalid bus type 'fdc' for disk");
};

const LUN_TYPES: readonly string[] = ["block", "network", "volume"];
const lunFits: DiskRule = ({ device, type }) => {
  if (device === "lun" && !LUN_TYPES.includes(type))
    unsupported("disk device='lun' is only valid for block type disk source");
};

/** What only some kinds of drives are and have. */
export const checkDiskKind: (domain: Domain) => void = eachDisk(busFits, lunFits);
