/** Begins block jobs. Each is noted in the status file before QEMU is asked to begin. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Mirror } from "@vireo/model/domain/device/disk-chain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { backingString } from "@vireo/qemu/block/backing-string";
import {
  chainOfDisk,
  findImage,
  formatNode,
  pathOf,
  type Chain,
  type ChainImage,
} from "@vireo/qemu/block/chain";
import { relativeBacking } from "@vireo/qemu/block/relative-backing";
import { storageSource } from "@vireo/qemu/block/source-of-disk";
import { given, type JsonObject } from "@vireo/qemu/json";
import type { BlockJob } from "../../state/block-job-status.ts";
import { inner, namedNodes } from "./block-nodes.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";
import { diskAt, findDisk, refuseBlockJob, targetOf, withDisk } from "./live-disk.ts";

/** Every job waits to be dismissed, so that a daemon that comes later learns how it ended. */
const KEPT = { "auto-finalize": true, "auto-dismiss": false } as const;

/** @throws VireoError `operationInvalid` */
export function liveOf(actor: DomainActor): LiveDomain {
  actor.allow("changeLive");
  const { live } = actor.view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  return live;
}

const nodeOf = (images: readonly ChainImage[], place: number): ChainImage => {
  const image = images[place];
  if (image === undefined || image.index === 0)
    throw virError("operationUnsupported", "the block nodes of the disk are not known");
  return image;
};

/** The text by which an overlay is to name the image below it. */
function backingName(base: ChainImage, above: ChainImage, relative: boolean): string | undefined {
  if (relative) return relativeBacking(pathOf(above), pathOf(base));
  const source = storageSource({ type: base.type, source: base.source } as Disk); // of one image
  return source === undefined ? undefined : backingString(source);
}

/** Notes the job, asks QEMU for it, and forgets it when QEMU refuses. Only in a turn. */
export async function beginJob(
  actor: DomainActor,
  { job, mirror }: { readonly job: BlockJob; readonly mirror?: Mirror },
  [command, args]: readonly [command: string, args: JsonObject],
): Promise<void> {
  setJob(actor, job, mirror);
  await actor.kept();
  try {
    await actor.ask(command, { "job-id": job.name, ...args, ...KEPT });
  } catch (error) {
    dropJob(actor, job);
    throw error;
  }
  const begun = actor.view.live?.blockJobs?.find(({ name }) => name === job.name);
  if (begun?.state === "new") setJob(actor, { ...begun, state: "running" });
}

/** Publishes the job as it is now; with it what its disk is copied to. */
export function setJob(actor: DomainActor, job: BlockJob, mirror?: Mirror): void {
  const { live } = actor.view;
  if (live === undefined) return;
  const others = (live.blockJobs ?? []).filter(({ name }) => name !== job.name);
  const disk = diskAt(live.config, job.disk);
  const config =
    mirror === undefined || disk === undefined
      ? live.config
      : withDisk(live.config, { ...disk, mirror });
  actor.update({ live: { ...live, config, blockJobs: [...others, job] } });
}

/** Publishes that there is no such job, and that its disk is copied nowhere. */
export function dropJob(actor: DomainActor, job: BlockJob): void {
  const { live } = actor.view;
  if (live === undefined) return;
  const blockJobs = (live.blockJobs ?? []).filter(({ name }) => name !== job.name);
  const disk = diskAt(live.config, job.disk);
  const { mirror: _gone, ...rest }: Partial<Disk> = disk ?? {};
  const config = disk === undefined ? live.config : withDisk(live.config, rest as Disk); // a disk without its mirror
  actor.update({ live: { ...live, config, blockJobs } });
}

type Pull = OperationInput<"domain", "blockPull">;

export async function beginPull(actor: DomainActor, input: Pull): Promise<void> {
  const live = liveOf(actor);
  const disk = findDisk(live.config, input.disk);
  refuseBlockJob(live, disk);
  const chain = chainOfDisk(disk);
  const { images } = chain;
  const top = nodeOf(images, 0);
  const at =
    input.base === undefined ? undefined : findImage(disk, chain, { name: input.base, above: 0 });
  const base = at === undefined ? undefined : nodeOf(images, at);
  if (input.relative === true && base === undefined)
    throw virError(
      "invalidArg",
      "flag VIR_DOMAIN_BLOCK_REBASE_RELATIVE is valid only with non-null base",
    );
  if (input.relative === true) await mustBeRelative(actor, images.slice(0, at));
  const name = `pull-${targetOf(disk)}-${formatNode(top)}`;
  const job: BlockJob = {
    name,
    kind: "pull",
    disk: targetOf(disk),
    state: "new",
    ...(base === undefined ? {} : { base: base.index }),
  };
  await beginJob(actor, { job }, [
    "block-stream",
    given({
      device: formatNode(top),
      "base-node": base && formatNode(base),
      "backing-file": base && backingName(base, top, input.relative === true),
      speed: input.bandwidth,
    }),
  ]);
}

type Commit = OperationInput<"domain", "blockCommit">;

interface Range {
  readonly top: number;
  readonly base: number;
}

/** The disk's own image is merged only when that is asked for. @throws VireoError `invalidArg` */
function mustBeAsked(
  target: string,
  { from, active, top }: { from: number; active: boolean; top: string | undefined },
): void {
  if (from === 0 && !active)
    throw virError("invalidArg", `commit of '${target}' active layer requires active flag`);
  if (from > 0 && active)
    throw virError("invalidArg", `active commit requested but '${top ?? ""}' is not active`);
}

/** @throws VireoError `invalidArg` */
function baseOf(
  disk: Disk,
  chain: Chain,
  { from, base, shallow }: Pick<Commit, "base" | "shallow"> & { readonly from: number },
): number {
  if (base !== undefined) return findImage(disk, chain, { name: base, above: from });
  if (shallow === true) return from + 1;
  const last = chain.images.length - 1;
  if (last > from) return last;
  throw virError("invalidArg", `could not find base image in chain for '${targetOf(disk)}'`);
}

/** Which images are merged into which one. @throws VireoError `invalidArg` */
function rangeOf(disk: Disk, chain: Chain, { top, base, shallow, active }: Commit): Range {
  const { images } = chain;
  const target = targetOf(disk);
  const from = top === undefined || top === target ? 0 : findImage(disk, chain, { name: top });
  const to = baseOf(disk, chain, { from, base, shallow });
  mustBeAsked(target, { from, active: active === true, top });
  if (images.length <= from + 1)
    throw virError(
      "invalidArg",
      `top '${pathOf(nodeOf(images, from)) ?? ""}' in chain for '${target}' has no backing file`,
    );
  if (shallow === true && to !== from + 1)
    throw virError(
      "invalidArg",
      `base '${base ?? ""}' is not immediately below '${top ?? target}' in chain for '${target}'`,
    );
  return { top: from, base: to };
}

/** Devices and images of the network are not ours to remove. */
const filesOf = (images: readonly ChainImage[]): readonly string[] =>
  images.flatMap((image) => (image.type === "file" ? (pathOf(image) ?? []) : []));

/**
 * The name of an image can be told relative to those above only when they name theirs so.
 * @throws VireoError `operationInvalid`
 */
async function mustBeRelative(actor: DomainActor, images: readonly ChainImage[]): Promise<void> {
  const nodes = await namedNodes(actor);
  for (const image of images) {
    const node = nodes.find((one) => one["node-name"] === formatNode(image));
    const name = inner(node?.["image"], "backing-filename");
    if (typeof name !== "string" || /^\/|^[\w-]+:/.test(name))
      throw virError("operationInvalid", "can't keep relative backing relationship");
  }
}

export async function beginCommit(actor: DomainActor, input: Commit): Promise<void> {
  const { view } = actor;
  const disk = findDisk(view.live?.config ?? view.definition, input.disk);
  const chain = chainOfDisk(disk);
  const { images } = chain;
  const range = rangeOf(disk, chain, input);
  const live = liveOf(actor);
  refuseBlockJob(live, disk);
  const [top, base] = [nodeOf(images, range.top), nodeOf(images, range.base)];
  const active = range.top === 0;
  const overlay = active ? undefined : nodeOf(images, range.top - 1);
  if (input.relative === true && range.top > 0)
    await mustBeRelative(actor, images.slice(range.top, range.base));
  const name = `commit-${targetOf(disk)}-${formatNode(top)}`;
  const job: BlockJob = {
    name,
    kind: active ? "activeCommit" : "commit",
    disk: targetOf(disk),
    state: "new",
    base: base.index,
    top: top.index,
    ...(input.deletes === true && { deletes: filesOf(images.slice(range.top, range.base)) }),
  };
  const mirror = active ? commitMirror(base) : undefined;
  await beginJob(actor, { job, ...(mirror === undefined ? {} : { mirror }) }, [
    "block-commit",
    given({
      device: formatNode(nodeOf(images, 0)),
      "top-node": formatNode(top),
      "base-node": formatNode(base),
      "backing-file": overlay && backingName(base, overlay, input.relative === true),
      speed: input.bandwidth,
    }),
  ]);
}

/** What the live XML shows of an image that the disk is merged into. */
const commitMirror = ({ type, source, format, index }: ChainImage): Mirror =>
  ({
    type,
    job: "active-commit",
    ...(format === undefined ? {} : { format: { type: format } }),
    source: { ...source, index },
  }) as Mirror; // type and source come from one image
