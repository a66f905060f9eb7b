/** The images of a disk, top first, with what identifies each of them. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";

export interface DiskImage {
  /** Number of its block node; absent while the domain is off. */
  readonly id?: number;
  /** On this host; absent for network storage. */
  readonly path?: string;
}

type Linked = Exclude<BackingStore, { type: "none" }>;

/** Place of an image among the host's files and devices. */
function localPath(image: Disk | Linked): string | undefined {
  switch (image.type) {
    case "file":
      return image.source?.file;
    case "block":
      return image.source?.dev;
    case "dir":
      return image.source?.dir;
    default:
      return undefined;
  }
}

function imageOf(image: Disk | Linked, id: number | undefined): DiskImage {
  const path = localPath(image);
  return { ...(id === undefined ? {} : { id }), ...(path === undefined ? {} : { path }) };
}

function imagesBelow(store: BackingStore | undefined): readonly DiskImage[] {
  if (store === undefined || store.type === "none") return [];
  return [imageOf(store, store.index), ...imagesBelow(store.backingStore)];
}

interface Numbered {
  readonly source?: { readonly index?: number } | undefined;
}

/** None for an empty drive. */
export function imagesOf(disk: Disk): readonly DiskImage[] {
  const { source }: Numbered = disk;
  if (source === undefined) return [];
  return [imageOf(disk, source.index), ...imagesBelow(disk.backingStore)];
}

/** The block nodes that an image with this number is made of. */
export const nodesOf = (id: number): { readonly format: string; readonly storage: string } => ({
  format: `libvirt-${id}-format`,
  storage: `libvirt-${id}-storage`,
});
