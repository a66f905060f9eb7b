/** Disks of the host, and what udev found out about them. */
import { basename, join } from "node:path";
import { type Capability, deviceName, type FoundDevice } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

type Storage = Extract<Capability, { type: "storage" }>;

/** The kernel counts so whatever the disk does. */
const SECTOR = 512;

interface Sizes {
  readonly bytes: number;
  readonly block: number;
}
async function sizesOf(tree: DeviceTree, real: string): Promise<Sizes> {
  const [sectors = 0, block = SECTOR] = await Promise.all([
    tree.number(real, "size"),
    tree.number(join(real, "queue"), "logical_block_size"),
  ]);
  return { bytes: sectors * SECTOR, block };
}

const fixedSize = ({ bytes, block }: Sizes) => ({
  size: bytes,
  logicalBlockSize: block,
  blocks: Math.floor(bytes / block),
});

const removableSize = ({ bytes, block }: Sizes): Pick<Storage, "capabilities"> => ({
  capabilities: [
    {
      type: "removable",
      mediaAvailable: bytes > 0 ? 1 : 0,
      mediaSize: bytes,
      ...(bytes > 0 ? { logicalBlockSize: block, blocks: Math.floor(bytes / block) } : {}),
    },
  ],
});

interface Words {
  readonly bus?: string | undefined;
  readonly driveType: string;
  readonly model?: string | undefined;
  readonly vendor?: string | undefined;
  readonly serial?: string | undefined;
}

async function wordsOf(tree: DeviceTree, real: string): Promise<Words> {
  const number = await tree.text(real, "dev");
  const udev = await tree.udev(`b${number ?? ""}`);
  const device = join(real, "device");
  const [model, vendor] = await Promise.all([
    tree.text(device, "model"),
    tree.text(device, "vendor"),
  ]);
  const type = udev.get("ID_TYPE");
  const optical = type === "cd" || /^sr\d+$/.test(basename(real));
  const floppy = type === "floppy" || /^fd\d+$/.test(basename(real));
  return {
    bus: udev.get("ID_BUS"),
    driveType: optical ? "cdrom" : floppy ? "floppy" : "disk",
    model: model ?? udev.get("ID_MODEL"),
    vendor: vendor ?? udev.get("ID_VENDOR"),
    serial: udev.get("ID_SERIAL"),
  };
}

/** Whole disks that have hardware below them. */
export async function storageDevice(
  tree: DeviceTree,
  real: string,
): Promise<FoundDevice | undefined> {
  const inside = await tree.names(real);
  if (inside.includes("partition") || !inside.includes("device")) return undefined;
  const node = `/dev/${basename(real)}`;
  const [sizes, words, removable] = await Promise.all([
    sizesOf(tree, real),
    wordsOf(tree, real),
    tree.number(real, "removable"),
  ]);
  const { bus, driveType, model, vendor, serial } = words;
  const capability: Storage = {
    type: "storage",
    block: node,
    ...(bus === undefined ? {} : { bus }),
    driveType,
    ...(model === undefined ? {} : { model }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(serial === undefined ? {} : { serial }),
    ...(removable === 1 ? removableSize(sizes) : fixedSize(sizes)),
  };
  const parts = ["block", basename(real), ...(serial === undefined ? [] : [serial])];
  return { name: deviceName(...parts), real, nodes: [node], capability };
}
