/** One disk's part in a backup: its image beside the disk, its bitmap, its job. */
import { existsSync } from "node:fs";
import { access, open, unlink } from "node:fs/promises";
import { virError, type VireoError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackupDisk } from "@vireo/model/moment/backup";
import {
  isValidBitmap,
  sinceBitmap,
  type Action,
  type BitmapsByNode,
} from "@vireo/qemu/block/dirty-bitmap";
import { createFormatProps } from "@vireo/qemu/block/create-props";
import { pathOf } from "@vireo/qemu/block/chain";
import { formatProps, storageProps, type Image } from "@vireo/qemu/block/image";
import { imageNames } from "@vireo/qemu/device/disk-image";
import { hasCode, hostError } from "../../../host/errno.ts";
import { capacityOf, createImage } from "../block-nodes.ts";
import { bitmapsIn, chainNodes } from "../checkpoint/dirty-bitmaps.ts";
import type { DomainActor } from "../domain-actor.ts";
import { targetOf } from "../live-disk.ts";

export interface DiskBackup {
  readonly wish: BackupDisk;
  readonly target: string;
  /** The disk's own node, and that of the backup's image. */
  readonly node: string;
  readonly imageNode: string;
  /** The nodes of the disk's images, top first. */
  readonly chain: readonly string[];
  readonly index: number;
  readonly path: string;
  readonly isFile: boolean;
  readonly job: string;
  /** Checkpoint since which changes count. */
  readonly since?: string;
  /** Own bitmap of the backup, so that nothing disturbs the checkpoint's; whoever pulls asks for it by this name. */
  readonly bitmap: string;
}

interface Way {
  readonly pull: boolean;
  readonly index: number;
  readonly since: string | undefined;
  /** Of files that nobody named. */
  readonly suffix: string;
}

/** Where it goes: beside the disk unless that is said. @throws VireoError */
function placeOf(
  disk: Disk,
  wish: BackupDisk,
  { pull, suffix }: Way,
): { readonly path: string; readonly isFile: boolean } {
  const where = pull ? wish.scratch : wish.target;
  const path = where?.file ?? where?.dev;
  if (path !== undefined) return { path, isFile: where?.file !== undefined };
  const own = disk.type === "file" ? pathOf(disk) : undefined;
  if (own !== undefined) return { path: `${own}.${suffix}`, isFile: true };
  const why =
    disk.source === undefined
      ? `disk '${targetOf(disk)}' has no media`
      : `refusing to generate file name for disk '${targetOf(disk)}'`;
  throw virError("configUnsupported", why);
}

/** @throws VireoError */
export function diskBackup(disk: Disk, wish: BackupDisk, way: Way): DiskBackup {
  const { index, since } = way;
  const target = targetOf(disk);
  const chain = chainNodes(disk);
  const node = chain[0] ?? "";
  return {
    wish,
    target,
    node,
    imageNode: imageNames(index).formatNode,
    chain,
    index,
    ...placeOf(disk, wish, way),
    job: `backup-${target}-${node}`,
    bitmap: wish.exportBitmap ?? `backup-${target}`,
    ...(since === undefined ? {} : { since }),
  };
}

/** @throws VireoError `checkpointInconsistent` */
export async function mustHaveBitmaps(
  actor: DomainActor,
  disks: readonly DiskBackup[],
): Promise<void> {
  const there = await bitmapsIn(actor.ask.bind(actor));
  for (const { chain, since, target } of disks)
    if (since !== undefined && !isValidBitmap(there, chain, since))
      throw virError(
        "checkpointInconsistent",
        `missing or broken bitmap '${since}' for disk '${target}'`,
      );
}

const taken = (path: string, target: string): VireoError =>
  virError("invalidArg", `store '${path}' for backup of '${target}' exists`);

/** Makes a file that nobody had, and nobody's is overwritten. @throws VireoError */
async function makeBackupFile({ path, target }: DiskBackup): Promise<void> {
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw hostError(`Cannot create file '${path}'`, error);
    throw taken(path, target);
  }
}

/** @throws VireoError `invalidArg` when a file that is to be made is there */
export function mustBeFree(disks: readonly DiskBackup[]): void {
  const found = disks.find(({ isFile, path }) => isFile && existsSync(path));
  if (found !== undefined) throw taken(found.path, found.target);
}

/** @throws VireoError `systemError` when one is to be used that is not there */
export async function mustHaveFiles(disks: readonly DiskBackup[]): Promise<void> {
  for (const { path } of disks)
    await access(path).catch((error: unknown) => {
      throw hostError(`Path '${path}' is not accessible`, error);
    });
}

/** Makes the files of all disks, or none. @throws VireoError */
export async function makeBackupFiles(disks: readonly DiskBackup[]): Promise<void> {
  const made: DiskBackup[] = [];
  try {
    for (const disk of disks) {
      if (!disk.isFile) continue;
      await makeBackupFile(disk);
      made.push(disk);
    }
  } catch (error) {
    await Promise.all(made.map(removeBackupFile));
    throw error;
  }
}

export const removeBackupFile = ({ path }: Pick<DiskBackup, "path">): Promise<void> =>
  unlink(path).catch(() => undefined); // it may never have been made

/** Opens the image, which is made unless it is there. A scratch image shows the disk below it. */
export async function openBackupImage(
  actor: DomainActor,
  disk: DiskBackup,
  { pull, reuse }: { pull: boolean; reuse: boolean },
): Promise<void> {
  const { path, isFile, index, node } = disk;
  const names = imageNames(index);
  const format = pull ? "qcow2" : (disk.wish.driver?.type ?? "qcow2");
  const image: Image = {
    source: isFile ? { type: "file", path } : { type: "block", path },
    format,
    ...names,
    readOnly: false,
    objects: {},
    backing: "terminated",
  };
  await actor.ask("blockdev-add", storageProps(image));
  const capacity = await capacityOf(actor, node);
  const made = createFormatProps(image, { capacity, physical: 0 });
  if (!reuse && made !== undefined) await createImage(actor, names.formatNode, made);
  if (!reuse && made === undefined && isFile)
    await actor.ask("block_resize", { "node-name": names.storageNode, size: capacity });
  await actor.ask("blockdev-add", { ...formatProps(image), ...(pull ? { backing: node } : {}) });
}

/** What makes the backup of this disk begin, at one moment with all others. */
export function beginActions(
  disk: DiskBackup,
  { pull, bitmaps }: { readonly pull: boolean; readonly bitmaps: BitmapsByNode },
): readonly Action[] {
  const { node, chain, imageNode, job, since, bitmap } = disk;
  const target = { node, name: bitmap };
  const noted = since === undefined ? [] : sinceBitmap(bitmaps, chain, { name: since, target });
  const partly =
    since === undefined ? { sync: "full" } : { sync: "bitmap", bitmap, "bitmap-mode": "never" };
  const data = {
    "job-id": job,
    device: node,
    target: imageNode,
    ...(pull ? { sync: "none" } : partly),
    "auto-finalize": true,
    "auto-dismiss": false,
  };
  return [...noted, { type: "blockdev-backup", data }];
}
