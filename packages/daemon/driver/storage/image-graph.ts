/** Which image is a layer upon which, and who reads it: from what pools and domains know. Pure. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { ImageReader } from "../contract.ts";

export type Image = OperationOutput<"image", "graph">["images"][number];

export interface KnownVolume {
  readonly pool: string;
  readonly volume: StorageVolume;
}

const ofVolume = ({ pool, volume }: KnownVolume): Image | undefined => {
  const { target, backingStore, name, type } = volume;
  if (target?.path === undefined || type === "dir") return undefined;
  return {
    path: target.path,
    format: target.format?.type,
    backing: backingStore?.path,
    pool,
    volume: name,
    users: [],
  };
};

const ofReader = ({ chain, kind, who, domain }: ImageReader): readonly Image[] =>
  chain.map(({ path, format }, at) => ({
    path,
    format,
    backing: chain[at + 1]?.path,
    users: at === 0 ? [{ kind, who, domain }] : [],
  }));

const joined = (one: Image | undefined, other: Image): Image => ({
  ...other,
  ...one,
  backing: one?.backing ?? other.backing,
  users: [...(one?.users ?? []), ...other.users],
});

/** All images, by path. */
export function imageGraph(
  volumes: readonly KnownVolume[],
  readers: readonly ImageReader[],
): ReadonlyMap<string, Image> {
  const images = new Map<string, Image>();
  for (const image of [
    ...volumes.flatMap((one) => ofVolume(one) ?? []),
    ...readers.flatMap(ofReader),
  ])
    images.set(image.path, joined(images.get(image.path), image));
  return images;
}

type Graph = ReadonlyMap<string, Image>;

/** All images that one needs, nearest first; a circle ends where it began. */
export function imagesBelow(graph: Graph, path: string): readonly string[] {
  const below = new Set<string>();
  for (let at = graph.get(path)?.backing; at !== undefined && at !== path; ) {
    if (below.has(at)) break;
    below.add(at);
    at = graph.get(at)?.backing;
  }
  return [...below];
}

/** The images right upon one. */
export const imagesAbove = (graph: Graph, path: string): readonly string[] =>
  [...graph.values()].filter(({ backing }) => backing === path).map((image) => image.path);

/** Everybody who would miss an image, in words. */
export function readersOf(
  graph: Graph,
  readers: readonly ImageReader[],
  path: string,
): readonly string[] {
  const named = readers.flatMap(({ who, chain }) => {
    const at = chain.findIndex((image) => image.path === path);
    if (at < 0) return [];
    return at === 0 ? [who] : [`${who}, whose '${chain[0]?.path ?? ""}' is a layer upon it`];
  });
  const told = new Set(readers.flatMap(({ chain }) => chain.map((image) => image.path)));
  const layers = imagesAbove(graph, path).filter((above) => !told.has(above));
  return [...new Set([...named, ...layers.map((above) => `image '${above}', a layer upon it`)])];
}
