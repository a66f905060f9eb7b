/** Disks and other drives of the host, and what udev found out about them. */
import { join } from "node:path";
import { type Capability, deviceName, type DeviceReader } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";
import { type SysDevice, udevRecord, type UdevRecord } from "./sys-device.ts";

type Storage = Extract<Capability, { type: "storage" }>;
type Drive = "disk" | "cdrom" | "floppy" | "sd" | "dasd";

/** The kernel counts so whatever the disk does. */
const SECTOR = 512;

interface Sizes {
  readonly bytes: number;
  /** Of one block, where the drive tells it. */
  readonly block: number | undefined;
}
async function sizesOf(tree: DeviceTree, real: string): Promise<Sizes> {
  const [sectors = 0, block] = await Promise.all([
    tree.number(real, "size"),
    tree.number(join(real, "queue"), "logical_block_size"),
  ]);
  return { bytes: sectors * SECTOR, block };
}

/** What is 0 is not told. */
const blocksOf = ({ bytes, block }: Sizes) => {
  const blocks = Math.floor(bytes / (block ?? SECTOR));
  return {
    ...(block === undefined ? {} : { logicalBlockSize: block }),
    ...(blocks === 0 ? {} : { blocks }),
  };
};

const WORDS: ReadonlyMap<string, Drive> = new Map([
  ["disk", "disk"],
  ["cd", "cdrom"],
  ["floppy", "floppy"],
  ["sd", "sd"],
]);
/** Drives that udev has no word for, by the beginning of their name. */
const BY_NAME: readonly (readonly [RegExp, Drive])[] = [
  [/^(vd|nvme)/, "disk"],
  [/^dasd/, "dasd"],
];

/** What kind of drive it is; undefined for what is none, such as loop devices and logical volumes. */
function driveOf(name: string, properties: ReadonlyMap<string, string>): Drive | undefined {
  const type = properties.get("ID_TYPE");
  if (type !== undefined && type !== "generic") return WORDS.get(type);
  if (properties.get("ID_DRIVE_FLOPPY") === "1") return "floppy";
  if (properties.get("ID_DRIVE_FLASH_SD") === "1") return "sd";
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

/** Only optical and floppy drives are told apart from what lies in them. */
function hasMedium(drive: Drive, properties: ReadonlyMap<string, string>): boolean {
  const known = properties.get("ID_CDROM_MEDIA");
  if (known !== undefined) return known === "1";
  return drive === "floppy" && properties.has("ID_FS_LABEL");
}

function mediumOf(
  drive: Drive,
  sizes: Sizes,
  { properties }: UdevRecord,
): Pick<Storage, "capabilities"> {
  if (!hasMedium(drive, properties))
    return { capabilities: [{ type: "removable", mediaAvailable: 0, mediaSize: 0 }] };
  const label = properties.get("ID_FS_LABEL");
  return {
    capabilities: [
      {
        type: "removable",
        mediaAvailable: 1,
        mediaSize: sizes.bytes,
        ...(label === undefined ? {} : { mediaLabel: label }),
        ...blocksOf(sizes),
      },
    ],
  };
}

async function identityOf(tree: DeviceTree, { real }: SysDevice, { properties }: UdevRecord) {
  const [model, vendor] = await Promise.all(
    ["model", "vendor"].map((one) => tree.text(join(real, "device"), one)),
  );
  const serial = properties.get("ID_SERIAL");
  return {
    ...(model === undefined ? {} : { model }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(serial === undefined ? {} : { serial }),
  };
}

/** Whole disks; their partitions are no devices to libvirt. */
export const storageDevice: DeviceReader = async (tree, device) => {
  const { real, name, uevent } = device;
  if (uevent.get("DEVTYPE") !== "disk") return undefined;
  const record = await udevRecord(tree, device);
  const driveType = driveOf(name, record.properties);
  if (driveType === undefined) return undefined;
  const bus = record.properties.get("ID_BUS");
  const [sizes, identity] = await Promise.all([
    sizesOf(tree, real),
    identityOf(tree, device, record),
  ]);
  const capability: Storage = {
    type: "storage",
    block: join("/dev", uevent.get("DEVNAME") ?? name),
    ...(bus === undefined ? {} : { bus }),
    driveType,
    ...identity,
    ...(driveType === "cdrom" || driveType === "floppy"
      ? mediumOf(driveType, sizes, record)
      : { size: sizes.bytes, ...blocksOf(sizes) }),
  };
  const { serial } = identity;
  return { name: deviceName("block", name, ...(serial === undefined ? [] : [serial])), capability };
};
