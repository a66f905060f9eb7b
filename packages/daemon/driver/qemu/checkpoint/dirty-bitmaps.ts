/** Dirty bitmaps in QEMU: one for each checkpoint and disk, persistent in the image. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { chainOfDisk, formatNode } from "@vireo/qemu/block/chain";
import type { JsonObject } from "@vireo/qemu/json";
import { inner, namedNodes } from "../block-nodes.ts";
import type { DomainActor } from "../domain-actor.ts";

export interface DirtyBitmap {
  readonly node: string;
  readonly name: string;
  /** Bytes that changed. */
  readonly count: number;
  /** It notes changes and is whole. */
  readonly usable: boolean;
}

/** Every bitmap of every node. */
export async function bitmapsIn(actor: DomainActor): Promise<readonly DirtyBitmap[]> {
  return (await namedNodes(actor)).flatMap((node) => {
    const bitmaps: unknown = node["dirty-bitmaps"];
    const all: readonly unknown[] = Array.isArray(bitmaps) ? bitmaps : [];
    return all.map((one) => ({
      node: String(node["node-name"]),
      name: String(inner(one, "name")),
      count: Number(inner(one, "count") ?? 0),
      usable: inner(one, "recording") === true && inner(one, "inconsistent") !== true,
    }));
  });
}

/** The node in which a disk's changes are noted. @throws VireoError `operationUnsupported` */
export function bitmapNode(disk: Disk): string {
  const [top] = chainOfDisk(disk).images;
  if (top === undefined || top.index === 0)
    throw virError("operationUnsupported", "the block nodes of the disk are not known");
  return formatNode(top);
}

/** One step of a transaction. */
export type Action = {
  readonly type: string;
  readonly data: JsonObject;
};

/** All of them at one moment, or none. @throws VireoError */
export async function transact(actor: DomainActor, actions: readonly Action[]): Promise<void> {
  if (actions.length > 0) await actor.ask("transaction", { actions });
}

/** From now on note what changes. */
export const beginBitmap = (node: string, name: string): Action => ({
  type: "block-dirty-bitmap-add",
  data: { node, name, persistent: true },
});

/** Removes a bitmap wherever in the chain it is. */
export async function removeBitmaps(
  actor: DomainActor,
  disk: Disk,
  names: readonly string[],
): Promise<void> {
  const nodes = new Set(chainOfDisk(disk).images.map(formatNode));
  const found = (await bitmapsIn(actor)).filter(
    ({ node, name }) => nodes.has(node) && names.includes(name),
  );
  await transact(
    actor,
    found.map(({ node, name }) => ({ type: "block-dirty-bitmap-remove", data: { node, name } })),
  );
}
