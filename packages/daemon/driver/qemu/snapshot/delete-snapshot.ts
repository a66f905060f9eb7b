/**
 * Forgets snapshots. What happened since is kept: the one image right above is written into the
 * snapshot's, by QEMU while it runs and by qemu-img otherwise. An image that others read as it is
 * stays as it is.
 */
import { virError } from "@vireo/model/error";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { Snapshot } from "@vireo/model/moment/parse-snapshot";
import { descendantsOf } from "@vireo/model/moment/moment-tree";
import { withoutSnapshot } from "@vireo/model/moment/snapshot-tree";
import type { OperationInput } from "@vireo/model/operation/operations";
import { removeIfThere } from "../../../host/file.ts";
import { commitImage, imageChain, rebaseImage } from "../../../host/qemu-img.ts";
import type { DeviceWork } from "../device-work.ts";
import { mergeBitmaps, noteWrites } from "../checkpoint/dirty-bitmaps.ts";
import { variablesPath } from "./create-snapshot.ts";
import type { Ask } from "../memory-stream.ts";
import { commitJob, nodeOf } from "./image-jobs.ts";
import { above, allReaders, reads, type Reader } from "./image-readers.ts";
import { closeImage, isRead, nodesFrom } from "./live-overlays.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";
import { mergedInto } from "./merged-image.ts";
import { dropTags, taggedDisks } from "./tagged-disks.ts";

type DeleteInput = OperationInput<"domainSnapshot", "delete">;

/** A tag that is gone already, by hand or in a delete that was cut short, is no error. */
async function removeTags(work: DeviceWork, snapshot: Snapshot): Promise<void> {
  await dropTags(work.actor, snapshot.name, (await taggedDisks(work.actor, snapshot)).tagged);
}

interface Merge {
  readonly base: string;
  /** The one image that goes into it. */
  readonly top: { readonly path: string; readonly format: string };
}

/** A moment inside an image is not changed by what is written to the image. */
const keepsInside = ({ snapshot, chain }: Reader): boolean =>
  snapshot !== undefined && chain[0]?.tags.includes(snapshot.name) === true;

/** What has to be written into the snapshot's image; undefined when it must stay as it is. */
function mergeOf(base: string, readers: readonly Reader[]): Merge | undefined {
  const others = readers.filter((reader) => reads(reader, base));
  const tops = new Map(
    others.flatMap((reader) => {
      const top = above(reader, base);
      return top === undefined ? [] : [[top.path, top] as const];
    }),
  );
  const [top] = tops.values();
  const asItIs = others.some((reader) => above(reader, base) === undefined && !keepsInside(reader));
  // moments inside the upper image would go with it
  const full = top === undefined || top.tags.length > 0;
  return full || tops.size > 1 || asItIs ? undefined : { base, top };
}

/** Nobody but this domain may have the images open. */
function mustBeOurs({ actor }: DeviceWork, { base }: Merge, readers: readonly Reader[]): void {
  const other = readers.find(
    (reader) => reader.actor !== actor && reader.actor.view.live && reads(reader, base),
  );
  if (other !== undefined)
    throw virError("operationInvalid", `image '${base}' is in use by ${other.who}`);
}

async function commitLive({ actor }: DeviceWork, { base, top }: Merge, device: string) {
  const ask = actor.ask.bind(actor);
  // otherwise a daemon before this one saw to it, and died
  if (await isRead(ask, top.path)) await commitOpen(ask, { base, top }, device);
  await closeImage(ask, top.path);
}

async function commitOpen(ask: Ask, { base, top }: Merge, device: string): Promise<void> {
  const [deviceNode, topOne, baseOne] = await Promise.all(
    [device, top.path, base].map((path) => nodeOf(ask, path)),
  );
  if (deviceNode === undefined || topOne === undefined || baseOne === undefined)
    throw virError("operationFailed", `QEMU does not know the images of '${top.path}'`);
  const nodes = await nodesFrom(ask, device);
  const chain = nodes.slice(nodes.indexOf(topOne));
  await noteWrites(ask, { chain, node: baseOne });
  await commitJob(ask, { device: deviceNode, top: topOne, base: baseOne });
  await mergeBitmaps(ask, {
    chain,
    count: 1,
    target: baseOne,
    targetFormat: chain[1] === baseOne ? "qcow2" : undefined,
    below: deviceNode !== topOne,
    left: nodes.filter((node) => node !== topOne),
  }).catch(() => undefined); // an incremental backup that has lost its bitmap is refused
}

/** Images on the one that goes away are told what they are on now; QEMU tells those it has open. */
async function rebaseOthers(merge: Merge, readers: readonly Reader[], open: Reader | undefined) {
  const base = await imageChain(merge.base);
  const told = new Set<string>();
  for (const reader of readers) {
    const over = above(reader, merge.top.path);
    if (over === undefined || told.has(over.path)) continue;
    told.add(over.path);
    if (base[0] !== undefined && (open === undefined || !reads(open, over.path)))
      await rebaseImage(over.path, over.format, base[0]);
  }
}

async function merge(work: DeviceWork, one: Merge, readers: readonly Reader[]): Promise<void> {
  mustBeOurs(work, one, readers);
  const open = readers.find(
    (reader) => reader.actor === work.actor && reader.live === true && reads(reader, one.top.path),
  );
  const device = open?.chain[0]?.path;
  if (device === undefined) await commitImage(one.top.path, one.top.format, one.base);
  else await commitLive(work, one, device);
  await rebaseOthers(one, readers, open);
  await mergedInto(work, { from: one.top.path, into: one.base });
  const left = await allReaders(work.definitions);
  const reader = left.find((who) => reads(who, one.top.path));
  if (reader === undefined) await removeIfThere(one.top.path);
  else work.report(`image ${one.top.path}`, new Error(`it is still read by ${reader.who}`));
}

/** Paths of the images that the snapshot keeps as they were. */
const keptImages = ({ disks, domain }: Snapshot): readonly string[] =>
  disks.flatMap(({ name, snapshot: mode }) => {
    const disk = domain?.devices?.disks?.find(({ target }) => target?.dev === name);
    const base = disk === undefined ? undefined : pathOf(disk);
    return mode !== "external" || base === undefined ? [] : [base];
  });

/** Who reads images besides the snapshot itself. */
async function otherReaders(work: DeviceWork, { name }: Snapshot): Promise<readonly Reader[]> {
  const all = await allReaders(work.definitions);
  return all.filter((reader) => reader.actor !== work.actor || reader.snapshot?.name !== name);
}

async function mergeImages(work: DeviceWork, snapshot: Snapshot): Promise<void> {
  for (const base of keptImages(snapshot)) {
    const readers = await otherReaders(work, snapshot);
    const wanted = mergeOf(base, readers);
    if (wanted !== undefined) await merge(work, wanted, readers);
  }
}

/** With its images and memory; a merge may change what other snapshots know of their images. */
export async function takeOut(work: DeviceWork, snapshot: Snapshot): Promise<void> {
  const { actor, definitions } = work;
  await removeTags(work, snapshot);
  await mergeImages(work, snapshot);
  await removeIfThere(variablesPath(work, snapshot.name));
  if (snapshot.memory?.file !== undefined) await removeIfThere(snapshot.memory.file);
  await keepSnapshots(definitions.env, actor, withoutSnapshot(snapshotsOf(actor), snapshot));
}

async function forget(work: DeviceWork, name: string, metadataOnly: boolean): Promise<void> {
  const { actor, definitions } = work;
  const snapshot = snapshotsOf(actor).all.get(name);
  if (snapshot === undefined) return;
  if (metadataOnly)
    return keepSnapshots(definitions.env, actor, withoutSnapshot(snapshotsOf(actor), snapshot));
  const readers = await otherReaders(work, snapshot);
  const merges = keptImages(snapshot).flatMap((base) => mergeOf(base, readers) ?? []);
  const tops = merges.map(({ top }) => top.path);
  const open = readers.find((reader) => reader.actor === actor && reader.live === true);
  const live = merges.flatMap(({ base, top }) =>
    open !== undefined && reads(open, top.path) ? [{ from: top.path, into: base }] : [],
  );
  const entry = { uuid: actor.view.uuid, operation: DELETE, note: { name, tops, live } };
  await definitions.env.journal.during(entry, () => takeOut(work, snapshot));
}

/** In the journal. */
export const DELETE = "snapshotDelete";

const PLAN = { operation: "snapshotDelete", admits: "nothing" } as const;

/** @throws VireoError `operationInvalid` when somebody else has an image open that would change */
export function deleteSnapshot(
  work: DeviceWork,
  { name }: Snapshot,
  { children, childrenOnly, metadataOnly }: DeleteInput,
): Promise<void> {
  return work.actor.job("snapshot", PLAN, async () => {
    const below =
      children === true || childrenOnly === true
        ? descendantsOf(snapshotsOf(work.actor).all, name).toReversed()
        : [];
    const names = below.map((one) => one.name);
    for (const one of childrenOnly === true ? names : [...names, name])
      await forget(work, one, metadataOnly === true);
  });
}
