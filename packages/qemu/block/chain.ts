/** The images of a disk that runs, top first: found by name, and replaced as a whole. Pure. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore, Mirror } from "@vireo/model/domain/device/disk-chain";
import { withoutAbsent } from "../without-absent.ts";

type Store = Exclude<BackingStore, { type: "none" }>;
type Format = NonNullable<Store["format"]>["type"];

/** One image of a chain. */
export interface ChainImage {
  readonly type: Disk["type"];
  readonly source: Disk["source"];
  readonly format: Format | undefined;
  /** Number of its block nodes. */
  readonly index: number;
}

/** `known` chains end with an image that stands alone. */
export interface Chain {
  readonly images: readonly ChainImage[];
  readonly known: boolean;
}

const indexIn = (source: object | undefined): number | undefined =>
  source !== undefined && "index" in source && typeof source.index === "number"
    ? source.index
    : undefined;

function storeChain(store: BackingStore | undefined): Chain {
  if (store === undefined) return { images: [], known: false };
  if (store.type === "none") return { images: [], known: true };
  const below = storeChain(store.backingStore);
  const image = {
    type: store.type,
    source: store.source,
    format: store.format?.type,
    index: store.index ?? indexIn(store.source) ?? 0,
  };
  return { images: [image, ...below.images], known: below.known };
}

/** Empty for an empty drive. */
export function chainOfDisk(disk: Disk): Chain {
  const { type, source, driver } = disk;
  if (source === undefined) return { images: [], known: true };
  const top = { type, source, format: driver?.type, index: indexIn(source) ?? 0 };
  const below = storeChain(disk.backingStore);
  return { images: [top, ...below.images], known: below.known };
}

/** What a running job copies the disk to, and what is below that. */
export function chainOfMirror(mirror: Mirror): Chain {
  const { type, source, format } = mirror;
  const top = { type, source, format: format?.type, index: indexIn(source) ?? 0 };
  const below = storeChain(mirror.backingStore);
  return { images: [top, ...below.images], known: below.known };
}

const withoutIndex = (source: Disk["source"]): object => {
  const { index: _index, ...rest }: { index?: number } = source ?? {};
  return rest;
};

interface Place {
  readonly type: Disk["type"];
  readonly source?: Disk["source"];
}

/** Two images are one when they lie in one place. */
export const sameImage = (one: Place, other: Place): boolean =>
  one.type === other.type && pathOf(one) !== undefined
    ? pathOf(one) === pathOf(other)
    : JSON.stringify(withoutIndex(one.source)) === JSON.stringify(withoutIndex(other.source));

/** The images as `<backingStore>`; `undefined` when nothing is known of what is there. */
export function storeOfChain({ images: [image, ...rest], known }: Chain): BackingStore | undefined {
  if (image === undefined) return known ? { type: "none" } : undefined;
  const below = storeOfChain({ images: rest, known });
  return withoutAbsent({
    type: image.type,
    ...(image.index === 0 ? {} : { index: image.index }),
    format: image.format === undefined ? undefined : { type: image.format },
    source: withoutIndex(image.source),
    backingStore: below,
  }) as BackingStore; // put together from an image, whose type and source belong together
}

/** The disk on another chain. Its device, and how the host serves it, stay. */
export function withChain(disk: Disk, chain: Chain): Disk {
  const { images, known } = chain;
  const [top, ...rest] = images;
  if (top === undefined) return disk;
  const { backingStore: _old, mirror: _mirror, ...others } = disk;
  const index = top.index === 0 ? {} : { index: top.index };
  return withoutAbsent({
    ...others,
    type: top.type,
    source: { ...withoutIndex(top.source), ...index },
    driver: { ...disk.driver, ...(top.format === undefined ? {} : { type: top.format }) },
    backingStore: storeOfChain({ images: rest, known }),
  }) as Disk; // type and source come from one image
}

const MEMBER_OF_PATH: Partial<Readonly<Record<Disk["type"], string>>> = {
  file: "file",
  block: "dev",
  dir: "dir",
  network: "name",
};

/** Where an image lies, as clients name it; `undefined` for what has no path. */
export function pathOf({ type, source }: Place): string | undefined {
  const member = MEMBER_OF_PATH[type];
  if (source === undefined || member === undefined) return undefined;
  const value: unknown = Object.entries(source).find(([name]) => name === member)?.[1];
  return typeof value === "string" ? value : undefined;
}

/**
 * The place in the chain of the image that a client means: by path, or as `vda[2]`.
 * @param above look below this place only
 * @throws VireoError `invalidArg`
 */
export function findImage(
  disk: Disk,
  { images }: Chain,
  { name, above }: { readonly name: string; readonly above?: number },
): number {
  const target = disk.target?.dev ?? "";
  const [, dev, number] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  const at = images.findIndex((image) =>
    number === undefined
      ? pathOf(image) === name
      : dev === target && image.index === Number(number),
  );
  if (at >= 0 && (above === undefined || at > above)) return at;
  if (number !== undefined && at < 0)
    throw virError(
      "invalidArg",
      `could not find backing store index '${number}' in chain for '${target}'`,
    );
  const over = above === undefined ? undefined : images[above];
  const where = over === undefined ? "" : ` beneath '${pathOf(over) ?? String(over.index)}'`;
  throw virError("invalidArg", `could not find image '${name}'${where} in chain for '${target}'`);
}

/** The node that a guest's device, or the overlay above, is connected to. */
export const formatNode = ({ index }: Pick<ChainImage, "index">): string =>
  `libvirt-${index}-format`;
