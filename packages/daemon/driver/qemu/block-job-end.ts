/** What a block job leaves behind: the chain of its disk, and images that nobody needs any more. Pure. */
import type { Disk } from "@vireo/model/domain/device/disk";
import {
  chainOfDisk,
  chainOfMirror,
  sameImage,
  withChain,
  type Chain,
} from "@vireo/qemu/block/chain";
import type { BlockJob } from "../../state/block-job-status.ts";

export interface JobEnd {
  readonly disk: Disk;
  /** Numbers of the images to let go, top first. */
  readonly gone: readonly number[];
}

const indexesOf = ({ images }: Chain): readonly number[] => images.map(({ index }) => index);

const withoutMirror = (disk: Disk): Disk => {
  const { mirror: _ended, ...rest } = disk;
  return rest as Disk; // only the mirror went
};

/** A job that failed or was aborted leaves the chain as it was; a copy's images go. */
export function unchanged(disk: Disk, { kind, shallow }: BlockJob): JobEnd {
  const { mirror } = disk;
  if (kind !== "copy" || mirror === undefined) return { disk: withoutMirror(disk), gone: [] };
  const gone = indexesOf(chainOfMirror(mirror));
  return { disk: withoutMirror(disk), gone: shallow === true ? gone.slice(0, 1) : gone };
}

/** The disk goes on with its copy. */
function onCopy(disk: Disk, shallow: boolean): JobEnd {
  const { mirror } = disk;
  if (mirror === undefined) return { disk, gone: [] };
  const chain = chainOfDisk(disk);
  const copy = chainOfMirror(mirror);
  if (!shallow) return { disk: withChain(disk, copy), gone: indexesOf(chain) };
  const images = [...copy.images.slice(0, 1), ...chain.images.slice(1)];
  return {
    disk: withChain(disk, { images, known: chain.known }),
    gone: indexesOf(chain).slice(0, 1),
  };
}

/** The images from one to just above another are no more. */
function cut(disk: Disk, { from, base }: { from: number; base: number | undefined }): JobEnd {
  const { images, known } = chainOfDisk(disk);
  const found = images.findIndex(({ index }) => index === base);
  const to = base === undefined || found < 0 ? images.length : found;
  return {
    disk: withChain(disk, {
      images: [...images.slice(0, from), ...images.slice(to)],
      // with nothing below, the image stands alone
      known: known || base === undefined,
    }),
    gone: images.slice(from, to).map(({ index }) => index),
  };
}

/** What the job leaves when it has done all it was to do; for a copy or an active commit: has pivoted. */
export function fulfilled(disk: Disk, job: BlockJob): JobEnd {
  const { base, top } = job;
  switch (job.kind) {
    case "pull":
      return cut(disk, { from: 1, base });
    case "commit": {
      const from = chainOfDisk(disk).images.findIndex(({ index }) => index === top);
      return from < 0 ? { disk, gone: [] } : cut(disk, { from, base });
    }
    case "activeCommit":
      return cut(disk, { from: 0, base });
    case "copy":
      return onCopy(disk, job.shallow === true);
  }
}

/**
 * The disk of the definition after its running twin's chain changed from `before` to `after`;
 * `undefined` when it is another image, or nothing that is written there changes.
 */
export function definedAfter(
  defined: Disk,
  { before, after }: { readonly before: Disk; readonly after: Disk },
): Disk | undefined {
  if (!sameImage(defined, before)) return undefined;
  const [top] = chainOfDisk(after).images;
  if (top === undefined) return undefined;
  const pivoted = !sameImage(before, after);
  const written = defined.backingStore !== undefined;
  if (!pivoted && !written) return undefined;
  const plain = withChain(defined, { images: [{ ...top, index: 0 }], known: false });
  const stands = after.backingStore?.type === "none";
  return pivoted && stands ? { ...plain, backingStore: { type: "none" } } : plain;
}
