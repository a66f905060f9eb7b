/** What becomes of a disk's bitmaps when a block job has ended: which layers became one. Pure. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { chainOfDisk, chainOfMirror, formatNode } from "@vireo/qemu/block/chain";
import type { BlockJob, JobLayers } from "../../state/block-job-status.ts";

/** The image that a copy or an active commit writes to. */
export function mirrorNode({ mirror }: Disk): string | undefined {
  const [top] = mirror === undefined ? [] : chainOfMirror(mirror).images;
  return top === undefined ? undefined : formatNode(top);
}

/** @param disk as it was before the job's end */
export function layersOf(disk: Disk, job: BlockJob): JobLayers | undefined {
  const { images } = chainOfDisk(disk);
  const nodes = images.map(formatNode);
  const at = (index: number | undefined): number =>
    images.findIndex((image) => image.index === index);
  const end = at(job.base) < 0 ? nodes.length : at(job.base);
  if (job.kind === "copy") {
    const [own] = disk.mirror === undefined ? [] : chainOfMirror(disk.mirror).images;
    if (own === undefined) return undefined;
    const count = job.shallow === true ? 1 : nodes.length;
    const target = formatNode(own);
    return { chain: nodes, count, target, targetFormat: own.format, below: false, left: [target] };
  }
  if (job.kind === "pull") {
    const [top] = images;
    const target = nodes[0] ?? "";
    const left = [target, ...nodes.slice(end)];
    return { chain: nodes, count: end, target, targetFormat: top?.format, below: false, left };
  }
  const from = job.kind === "commit" ? at(job.top) : 0;
  const base = images[end];
  if (base === undefined || from < 0) return undefined;
  return {
    chain: nodes.slice(from),
    count: end - from,
    target: formatNode(base),
    targetFormat: base.format,
    below: from > 0,
    left: [...nodes.slice(0, from), ...nodes.slice(end)],
  };
}
