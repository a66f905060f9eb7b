/** Dirty bitmaps in QEMU: one for each checkpoint and disk, persistent in the images of its chain. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { chainOfDisk, formatNode } from "@vireo/qemu/block/chain";
import {
  bitmapsByNode,
  mergedBitmaps,
  removedBitmap,
  sinceBitmap,
  writeBitmap,
  WRITE_BITMAP,
  type Action,
  type BitmapsByNode,
} from "@vireo/qemu/block/dirty-bitmap";
import type { JsonObject } from "@vireo/qemu/json";
import type { JobLayers } from "../../../state/block-job-status.ts";
import { inner } from "../block-nodes.ts";
import type { Ask } from "../memory-stream.ts";

/** Every bitmap of every node. */
export const bitmapsIn = async (ask: Ask): Promise<BitmapsByNode> =>
  bitmapsByNode(await ask("query-named-block-nodes", { flat: true }));

/** The nodes of a disk's images, top first. @throws VireoError `operationUnsupported` */
export function chainNodes(disk: Disk): readonly string[] {
  const { images } = chainOfDisk(disk);
  if (images.length === 0 || images.some(({ index }) => index === 0))
    throw virError("operationUnsupported", "the block nodes of the disk are not known");
  return images.map(formatNode);
}

/** The node in which a disk's changes are noted. @throws VireoError `operationUnsupported` */
export const bitmapNode = (disk: Disk): string => chainNodes(disk)[0] ?? "";

/** All of them at one moment, or none. @throws VireoError */
export async function transact(ask: Ask, actions: readonly Action[]): Promise<void> {
  if (actions.length > 0) await ask("transaction", { actions });
}

type Node = Readonly<Record<string, unknown>>;

/** Everything with which the node was opened: what is left out is as when nothing was said. */
function reopening(nodes: readonly Node[], node: string, below: string | undefined): JsonObject {
  const found = nodes.find((one) => one["node-name"] === node);
  const slice = node.replace(/format$/, "slice-sto");
  const file = nodes.some((one) => one["node-name"] === slice)
    ? slice
    : node.replace(/format$/, "storage");
  const cache = found?.["cache"];
  return {
    driver: String(found?.["drv"] ?? "qcow2"),
    "node-name": node,
    cache: {
      direct: inner(cache, "direct") === true,
      "no-flush": inner(cache, "no-flush") === true,
    },
    "detect-zeroes": String(found?.["detect_zeroes"] ?? "off"),
    file,
    backing: below ?? null,
  };
}

/** Does the work while images below the top may be written to; they are read only otherwise. */
async function whileWritable(
  ask: Ask,
  { chain, nodes }: { readonly chain: readonly string[]; readonly nodes: readonly string[] },
  work: () => Promise<void>,
): Promise<void> {
  const answer = await ask("query-named-block-nodes", { flat: true });
  const all: readonly Node[] = Array.isArray(answer) ? answer : [];
  const encrypted = (node: string): boolean =>
    all.find((one) => one["node-name"] === node)?.["encrypted"] === true; // its key is not told
  const opened = nodes.filter((node) => !encrypted(node));
  const reopen = (node: string, readOnly: boolean): Promise<unknown> => {
    const options = reopening(all, node, chain[chain.indexOf(node) + 1]);
    return ask("blockdev-reopen", { options: [{ ...options, "read-only": readOnly }] });
  };
  const done: string[] = [];
  try {
    for (const node of opened) {
      await reopen(node, false);
      done.unshift(node);
    }
    await work();
  } finally {
    for (const node of done) await reopen(node, true);
  }
}

/** Removes bitmaps wherever in the chain they are. A disk that has none of them is fine. */
export async function removeBitmaps(ask: Ask, disk: Disk, names: readonly string[]): Promise<void> {
  if (chainOfDisk(disk).images.length === 0) return;
  const chain = chainNodes(disk);
  const all = await bitmapsIn(ask);
  const removals = names.flatMap((name) => removedBitmap(all, chain, name) ?? []);
  const below = new Set(removals.flatMap(({ reopen }) => reopen));
  const nodes = chain.filter((node) => below.has(node)).toReversed();
  const actions = removals.flatMap((one) => one.actions);
  if (actions.length > 0) await whileWritable(ask, { chain, nodes }, () => transact(ask, actions));
}

const MEASURE = "vireo-measure";

/** Bytes that changed since the checkpoint; `undefined` when nobody knows. */
export async function changedSince(
  ask: Ask,
  disk: Disk,
  name: string,
): Promise<number | undefined> {
  const chain = chainNodes(disk);
  const target = { node: chain[0] ?? "", name: MEASURE };
  const actions = sinceBitmap(await bitmapsIn(ask), chain, { name, target });
  if (actions.length === 0) return undefined;
  await transact(ask, actions);
  try {
    const measured = (await bitmapsIn(ask)).get(target.node)?.bitmaps;
    return measured?.find((one) => one.name === MEASURE)?.dirty;
  } finally {
    await ask("block-dirty-bitmap-remove", target);
  }
}

const hasAny = (all: BitmapsByNode, chain: readonly string[]): boolean =>
  chain.some((node) => (all.get(node)?.bitmaps ?? []).length > 0);

/** From now on note what is written to `node`, if any bitmap of the chain will have to know. */
export async function noteWrites(
  ask: Ask,
  { chain, node }: { readonly chain: readonly string[]; readonly node: string },
): Promise<void> {
  const all = await bitmapsIn(ask);
  const noted = all.get(node)?.bitmaps.some(({ name }) => name === WRITE_BITMAP) === true;
  if (!noted && hasAny(all, chain)) await transact(ask, [writeBitmap(node)]);
}

/** Brings the bitmaps of layers that became one into the image that is left. May be done again. */
export async function mergeBitmaps(ask: Ask, layers: JobLayers): Promise<void> {
  const { target, targetFormat, below, left } = layers;
  const all = await bitmapsIn(ask);
  const own = all.get(target);
  const written = own?.bitmaps.some(({ name }) => name === WRITE_BITMAP) === true;
  const keeps = targetFormat === "qcow2" && own?.qcow2v2 !== true;
  const actions = mergedBitmaps(keeps ? all : new Map(), { ...layers, written });
  if (actions.length === 0) return;
  const nodes = below ? [target] : [];
  await whileWritable(ask, { chain: left, nodes }, () => transact(ask, actions));
}
