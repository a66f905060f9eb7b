/**
 * Dirty bitmaps along a chain of images: a bitmap notes what the guest writes since a checkpoint, and
 * goes on under the same name in each layer that is put on top. So what changed since is all of that
 * name, from the top down without a gap. Pure: from what QEMU tells to the actions of a transaction.
 */
import { given, type JsonObject } from "../json.ts";

export interface DirtyBitmap {
  readonly name: string;
  /** It notes changes. */
  readonly recording: boolean;
  readonly busy: boolean;
  /** It is kept in the image. */
  readonly persistent: boolean;
  /** QEMU died while it was in use: nobody knows what it missed. */
  readonly inconsistent: boolean;
  /** Bytes that one bit stands for. */
  readonly granularity: number;
  /** Bytes that changed. */
  readonly dirty: number;
}

/** The bitmaps of one node. */
export interface NodeBitmaps {
  readonly bitmaps: readonly DirtyBitmap[];
  /** Its image can keep none. */
  readonly qcow2v2: boolean;
}

export type BitmapsByNode = ReadonlyMap<string, NodeBitmaps>;

/** One step of a transaction. */
export type Action = {
  readonly type: string;
  readonly data: JsonObject;
};

/** Notes what the guest writes to the image that it is about to go on with. */
export const WRITE_BITMAP = "libvirt-tmp-activewrite";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];
const inner = (value: unknown, name: string): unknown =>
  isFields(value) ? value[name] : undefined;

const bitmapOf = (told: Fields): DirtyBitmap => ({
  name: String(told["name"]),
  recording: told["recording"] === true,
  busy: told["busy"] === true,
  persistent: told["persistent"] === true,
  inconsistent: told["inconsistent"] === true,
  granularity: Number(told["granularity"] ?? 0),
  dirty: Number(told["count"] ?? 0),
});

function nodeBitmaps(node: Fields): NodeBitmaps {
  const specific = inner(node["image"], "format-specific");
  const qcow2v2 =
    inner(specific, "type") === "qcow2" && inner(inner(specific, "data"), "compat") === "0.10";
  return { bitmaps: listOf(node["dirty-bitmaps"]).map(bitmapOf), qcow2v2 };
}

/** From QEMU's answer to `query-named-block-nodes`. */
export const bitmapsByNode = (answer: unknown): BitmapsByNode =>
  new Map(listOf(answer).map((node) => [String(node["node-name"]), nodeBitmaps(node)]));

const find = (all: BitmapsByNode, node: string, name: string): DirtyBitmap | undefined =>
  all.get(node)?.bitmaps.find((one) => one.name === name);

const isUsable = ({ persistent, recording, inconsistent }: DirtyBitmap): boolean =>
  persistent && recording && !inconsistent;

/** The nodes that have the bitmap, top first, as far as there is no gap. */
function nodesWith(all: BitmapsByNode, chain: readonly string[], name: string): readonly string[] {
  const end = chain.findIndex((node) => find(all, node, name) === undefined);
  return end < 0 ? chain : chain.slice(0, end);
}

/** Whether the bitmap tells all that changed: whole in every layer from the top down to where it began. */
export function isValidBitmap(all: BitmapsByNode, chain: readonly string[], name: string): boolean {
  const found = nodesWith(all, chain, name);
  const below = chain.slice(found.length).some((node) => find(all, node, name) !== undefined);
  const whole = found.every((node) => isUsable(find(all, node, name) ?? NONE));
  return found.length > 0 && !below && whole;
}

const NONE: DirtyBitmap = bitmapOf({});

interface Added {
  readonly node: string;
  readonly name: string;
  readonly granularity?: number | undefined;
}

const add = (
  { node, name, granularity }: Added,
  persistent: boolean,
  disabled: boolean,
): Action => ({
  type: "block-dirty-bitmap-add",
  data: given({ node, name, persistent, disabled, granularity }),
});

/** Notes changes from now on, in the image. */
export const keptBitmap = (added: Added): Action => add(added, true, false);

/** Notes what the guest writes until it is removed. */
export const writeBitmap = (node: string): Action =>
  add({ node, name: WRITE_BITMAP }, false, false);

interface Source {
  readonly node: string;
  readonly name: string;
}

const merge = ({ node, name }: Added, bitmaps: readonly Source[]): Action => ({
  type: "block-dirty-bitmap-merge",
  data: { node, target: name, bitmaps: bitmaps.map((one) => ({ ...one })) },
});

const remove = (node: string, name: string): Action => ({
  type: "block-dirty-bitmap-remove",
  data: { node, name },
});

/** A bitmap of its own with all that changed since the checkpoint; none when nobody knows. */
export function sinceBitmap(
  all: BitmapsByNode,
  chain: readonly string[],
  { name, target }: { readonly name: string; readonly target: Source },
): readonly Action[] {
  const nodes = nodesWith(all, chain, name);
  const [top] = nodes;
  if (top === undefined) return [];
  const made = { ...target, granularity: find(all, top, name)?.granularity };
  return [
    add(made, false, true),
    merge(
      made,
      nodes.map((node) => ({ node, name })),
    ),
  ];
}

/** What is to be merged when layers become one. */
export interface Merging {
  /** The chain from the uppermost of the layers down to its end. */
  readonly chain: readonly string[];
  /** How many of them are merged. */
  readonly count: number;
  /** The node that has everything afterwards. */
  readonly target: string;
  /** The target has a bitmap of what the guest wrote to it meanwhile. */
  readonly written: boolean;
}

/** Brings the bitmaps of layers into the image that takes their place. */
export function mergedBitmaps(
  all: BitmapsByNode,
  { chain, count, target, written }: Merging,
): readonly Action[] {
  const [top = ""] = chain;
  const names = (all.get(top)?.bitmaps ?? []).map(({ name }) => name).toReversed();
  const actions = names
    .filter((name) => name !== WRITE_BITMAP && isValidBitmap(all, chain, name))
    .flatMap((name) => {
      const made = { node: target, name, granularity: find(all, top, name)?.granularity };
      const layers = nodesWith(all, chain.slice(0, count), name).filter((node) => node !== target);
      const sources = [
        ...layers.map((node) => ({ node, name })),
        ...(written ? [{ node: target, name: WRITE_BITMAP }] : []),
      ];
      const known = find(all, target, name) !== undefined;
      return [
        ...(known ? [] : [keptBitmap(made)]),
        ...(sources.length === 0 ? [] : [merge(made, sources)]),
      ];
    });
  return [...actions, ...(written ? [remove(target, WRITE_BITMAP)] : [])];
}

/** Goes on in a new layer with what the one below notes. */
export const continuedBitmaps = (
  all: BitmapsByNode,
  { from, to }: { readonly from: string; readonly to: string },
): readonly Action[] =>
  (all.get(from)?.bitmaps ?? [])
    .filter(isUsable)
    .map(({ name, granularity }) => keptBitmap({ node: to, name, granularity }));

export interface Removal {
  readonly actions: readonly Action[];
  /** Nodes below the top, which must be writable meanwhile, the lowest first. */
  readonly reopen: readonly string[];
}

/** Removes a bitmap from every layer; `undefined` when none has it. */
export function removedBitmap(
  all: BitmapsByNode,
  chain: readonly string[],
  name: string,
): Removal | undefined {
  const nodes = chain.filter((node) => find(all, node, name) !== undefined);
  if (nodes.length === 0) return undefined;
  return {
    actions: nodes.map((node) => remove(node, name)),
    reopen: nodes.filter((node) => node !== chain[0]).toReversed(),
  };
}
