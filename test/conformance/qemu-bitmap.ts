/** libvirt's cases about dirty bitmaps along a chain of five images. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  bitmapsByNode,
  isValidBitmap,
  mergedBitmaps,
  removedBitmap,
  sinceBitmap,
  type BitmapsByNode,
} from "@vireo/qemu/block/dirty-bitmap";

export interface BitmapCase {
  readonly kind: string;
  readonly input?: string;
  readonly expected?: string;
  readonly bitmap?: string;
  readonly incremental?: string;
  readonly target?: { readonly node: string; readonly bitmap: string };
  readonly result?: boolean;
  readonly shallow?: boolean;
  readonly mirrorNode?: string;
  readonly top?: number;
  readonly base?: number;
}

export const BITMAP_KINDS = [
  "bitmap-detect",
  "bitmap-validate",
  "backup-bitmap",
  "checkpoint-delete",
  "bitmap-blockcommit",
  "bitmap-blockcopy",
];

const CHAIN = [1, 2, 3, 4, 5].map((n) => `libvirt-${n}-format`);

const shown = (all: BitmapsByNode): unknown =>
  Object.fromEntries(
    [...all]
      .filter(([node]) => node.endsWith("-format"))
      .map(([node, { bitmaps, qcow2v2 }]) => [node, { bitmaps, ...(qcow2v2 && { qcow2v2 }) }]),
  );

/** Where libvirt has nothing to do the cases say null. */
const orNull = (actions: readonly unknown[]): unknown => ({
  actions: actions.length === 0 ? null : actions,
});

function commit(all: BitmapsByNode, { top = 0, base = 0 }: BitmapCase): unknown {
  const chain = CHAIN.slice(top - 1);
  const target = CHAIN[base - 1] ?? "";
  return orNull(mergedBitmaps(all, { chain, count: base - top, target, written: top === 1 }));
}

function removal(all: BitmapsByNode, { bitmap = "" }: BitmapCase): unknown {
  const { actions, reopen = [] } = removedBitmap(all, CHAIN, bitmap) ?? { actions: "ERROR" };
  return { actions, ...(reopen.length > 0 && { reopen }) };
}

function backup(all: BitmapsByNode, { target, incremental: name = "" }: BitmapCase): unknown {
  const into = { node: target?.node ?? "", name: target?.bitmap ?? "" };
  return { actions: sinceBitmap(all, CHAIN, { name, target: into }) };
}

function copy(all: BitmapsByNode, { shallow, mirrorNode: target = "" }: BitmapCase): unknown {
  const count = shallow === true ? 1 : CHAIN.length;
  return orNull(mergedBitmaps(all, { chain: CHAIN, count, target, written: true }));
}

function actual(all: BitmapsByNode, one: BitmapCase): unknown {
  switch (one.kind) {
    case "bitmap-detect":
      return shown(all);
    case "bitmap-validate":
      return isValidBitmap(all, CHAIN, one.bitmap ?? "");
    case "backup-bitmap":
      return backup(all, one);
    case "checkpoint-delete":
      return removal(all, one);
    case "bitmap-blockcommit":
      return commit(all, one);
    default:
      return copy(all, one);
  }
}

/** Actual and expected of one case. */
export function bothBitmaps(folder: string, one: BitmapCase): readonly [unknown, unknown] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const all = bitmapsByNode(read(one.input ?? ""));
  return [actual(all, one), one.expected === undefined ? one.result : read(one.expected)];
}
