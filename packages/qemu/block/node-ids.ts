/** Numbers in the names of block nodes: `libvirt-3-format`. */
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { Disk } from "@vireo/model/domain/device/disk";

/** Node ids of one disk's images, top first. */
export type ChainIds = readonly number[];

/** Images of a disk, the top one included: an empty drive has the place of one. SD cards have no block nodes. */
export function chainLength(disk: Disk): number {
  if (disk.target?.bus === "sd") return 0;
  let length = 1;
  let below: BackingStore | undefined = disk.backingStore;
  while (below !== undefined && below.type !== "none") {
    length++;
    below = below.backingStore;
  }
  return length;
}

/**
 * Ids of all disks of a domain that starts, by position.
 * The last disk counts first, each chain from its top: the numbers libvirt gives at start.
 */
export function assignNodeIds(disks: readonly Disk[]): {
  readonly disks: readonly ChainIds[];
  readonly next: number;
} {
  let next = 1;
  const ids: ChainIds[] = [];
  for (const disk of disks.toReversed()) {
    const length = chainLength(disk);
    ids.unshift(Array.from({ length }, (_, depth) => next + depth));
    next += length;
  }
  return { disks: ids, next };
}
