/** The numbers of block nodes, written into and read from a running configuration. */
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { ChainIds } from "./node-ids.ts";

interface Numbered {
  readonly source?: { readonly index?: number } | undefined;
}

/** A store below numbered with the rest of the ids. */
function withStoreIds(store: BackingStore | undefined, ids: ChainIds): BackingStore | undefined {
  const [index, ...rest] = ids;
  if (store === undefined || store.type === "none" || index === undefined) return store;
  const below = withStoreIds(store.backingStore, rest);
  return { ...store, index, ...(below === undefined ? {} : { backingStore: below }) };
}

/** The disk with the number of each of its images; an empty drive has no image to number. */
export function withNodeIds(disk: Disk, ids: ChainIds): Disk {
  const [index, ...rest] = ids;
  const { source }: Numbered = disk;
  if (source === undefined || index === undefined) return disk;
  const backingStore = withStoreIds(disk.backingStore, rest);
  return {
    ...disk,
    source: { ...source, index },
    ...(backingStore === undefined ? {} : { backingStore }),
  } as Disk; // every kind of source takes a number
}

function storeIds(store: BackingStore | undefined): ChainIds {
  if (store === undefined || store.type === "none") return [];
  return [...(store.index === undefined ? [] : [store.index]), ...storeIds(store.backingStore)];
}

/** Numbers of the images of a disk that runs, top first. */
export function nodeIdsOf(disk: Disk): ChainIds {
  const { source }: Numbered = disk;
  return source?.index === undefined ? [] : [source.index, ...storeIds(disk.backingStore)];
}
