/** New images on top of those that a running guest writes to: all in one step of QEMU, or none. */
import { virError } from "@vireo/model/error";
import { pathOf, type AlignedDisk } from "@vireo/model/moment/align-disks";
import { continuedBitmaps, type Action } from "@vireo/qemu/block/dirty-bitmap";
import { imageNodes, type Image } from "@vireo/qemu/block/image";
import { cacheMode, imageNames } from "@vireo/qemu/device/disk-image";
import type { Disk } from "@vireo/model/domain/device/disk";
import { bitmapsIn, transact } from "../checkpoint/dirty-bitmaps.ts";
import type { LiveDomain } from "../domain-view.ts";
import { freeNodeIds } from "../live-devices.ts";
import type { Ask } from "../memory-stream.ts";
import { listOf, nodeOf } from "./image-jobs.ts";
import type { Undo } from "../undo.ts";
import { newImageOf, type NewImage } from "./disk-source-change.ts";

export interface LiveOverlay {
  readonly disk: Disk;
  readonly image: NewImage & { readonly index: number };
}

const formatNode = (index: number): string => imageNames(index).formatNode;

/** The node that the guest writes to, by its image. @throws VireoError `operationUnsupported` */
export async function topNode(ask: Ask, disk: Disk): Promise<string> {
  const node = await nodeOf(ask, pathOf(disk) ?? "");
  if (node !== undefined) return node;
  throw virError(
    "operationUnsupported",
    `disk '${disk.target?.dev ?? ""}' has no block node that could be kept`,
  );
}

/** Of several disks. */
export const topNodes = (ask: Ask, disks: readonly Disk[]): Promise<readonly string[]> =>
  Promise.all(disks.map((disk) => topNode(ask, disk)));

function asImage(disk: Disk, { type, path, format, index }: LiveOverlay["image"]): Image {
  const cache = cacheMode(disk);
  const { io, discard, detectZeroes } = disk.driver ?? {};
  return {
    source: { type, path },
    ...imageNames(index),
    format,
    readOnly: false,
    ...(cache === undefined ? {} : { cache }),
    ...(io === undefined ? {} : { io }),
    ...(discard === undefined ? {} : { discard }),
    ...(detectZeroes === undefined ? {} : { detectZeroes }),
    objects: {},
    backing: "terminated",
  };
}

/** Paths of the images that the guest's drives are on. */
export const openImages = async (ask: Ask): Promise<readonly string[]> =>
  listOf(await ask("query-block")).flatMap(({ inserted }) => {
    const file = (inserted as { readonly file?: unknown } | undefined)?.file; // any object will do
    return typeof file === "string" ? [file] : [];
  });

/** Paths of a drive's image and of all below it, as QEMU knows them. */
function below(image: unknown): readonly string[] {
  if (typeof image !== "object" || image === null) return [];
  const { filename, "backing-image": next }: { filename?: unknown; "backing-image"?: unknown } =
    image;
  return [...(typeof filename === "string" ? [filename] : []), ...below(next)];
}

/** The nodes of a drive's image and of all below it, top first; of those that QEMU knows. */
export async function nodesFrom(ask: Ask, path: string): Promise<readonly string[]> {
  const drives = listOf(await ask("query-block")).map(({ inserted }) =>
    below((inserted as { readonly image?: unknown } | undefined)?.image),
  );
  const paths = drives.find(([top]) => top === path) ?? [];
  const nodes = await Promise.all(paths.map((one) => nodeOf(ask, one)));
  return nodes.flatMap((node) => node ?? []);
}

/** Whether a drive of the guest reads an image, itself or below another one. */
export const isRead = async (ask: Ask, path: string): Promise<boolean> =>
  listOf(await ask("query-block")).some(({ inserted }) =>
    below((inserted as { readonly image?: unknown } | undefined)?.image).includes(path),
  );

/**
 * Closes an image that no drive reads any more; its space is free only then. One of its two nodes
 * may be missing, when an earlier daemon died between them; QEMU knows the file of the storage at
 * least, that of a format without a layer below it is told in JSON.
 */
export async function closeImage(ask: Ask, path: string): Promise<void> {
  const nodes = listOf(await ask("query-named-block-nodes", { flat: true }));
  const names = nodes.map((one) => String(one["node-name"]));
  const stems = nodes.flatMap((one, at) =>
    one["file"] === path ? (/^libvirt-\d+/.exec(names[at] ?? "")?.[0] ?? []) : [],
  );
  for (const stem of new Set(stems))
    for (const node of [`${stem}-format`, `${stem}-storage`])
      if (names.includes(node)) await ask("blockdev-del", { "node-name": node });
}

/** Checkpoints go on in the new layers, at the very moment at which the guest does. */
async function goingOn(
  ask: Ask,
  overlays: readonly LiveOverlay[],
  nodes: readonly string[],
): Promise<readonly Action[]> {
  const all = await bitmapsIn(ask);
  return overlays.flatMap(({ image: { format, index } }, at) =>
    format === "qcow2"
      ? continuedBitmaps(all, { from: nodes[at] ?? "", to: formatNode(index) })
      : [],
  );
}

/**
 * Opens the new images and puts them on top. The undo closes those that were opened; once they are
 * on top there is nothing to undo any more.
 */
export async function putOnTop(
  ask: Ask,
  {
    live,
    disks,
    undo,
  }: {
    readonly live: LiveDomain;
    readonly disks: readonly AlignedDisk[];
    readonly undo: Undo;
  },
): Promise<readonly LiveOverlay[]> {
  const ids = freeNodeIds(live, disks.length);
  const overlays = disks.map(({ disk, wish }, at) => ({
    disk,
    image: { ...newImageOf(wish), index: ids[at] ?? 0 },
  }));
  for (const { disk, image } of overlays)
    for (const node of imageNodes(asImage(disk, image))) {
      await ask("blockdev-add", node);
      const name = node["node-name"] ?? "";
      undo.add(`block node ${String(name)}`, () => ask("blockdev-del", { "node-name": name }));
    }
  const nodes = await topNodes(
    ask,
    overlays.map(({ disk }) => disk),
  );
  const actions = overlays.map(({ image }, at) => ({
    type: "blockdev-snapshot",
    data: { node: nodes[at] ?? "", overlay: formatNode(image.index) },
  }));
  await transact(ask, [...actions, ...(await goingOn(ask, overlays, nodes))]);
  return overlays;
}
