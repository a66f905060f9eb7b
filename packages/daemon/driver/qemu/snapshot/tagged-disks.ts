/** Disks that keep a snapshot inside their image. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { Snapshot } from "@vireo/model/moment/parse-snapshot";
import { changeTag, imageChain } from "../../../host/qemu-img.ts";
import type { DomainActor } from "../domain-actor.ts";
import { tagJob } from "./image-jobs.ts";
import { topNodes } from "./live-overlays.ts";

export interface TaggedDisks {
  readonly tagged: readonly Disk[];
  /** Every disk that should have the tag has it. */
  readonly whole: boolean;
}

/** Asked of the images, whatever was written down. */
export async function taggedDisks(
  { view: { live, definition } }: DomainActor,
  { name, disks }: Snapshot,
): Promise<TaggedDisks> {
  const wanted = new Set(disks.filter((one) => one.snapshot === "internal").map((one) => one.name));
  const tagged: Disk[] = [];
  for (const disk of (live?.config ?? definition).devices.disks ?? []) {
    if (!wanted.has(disk.target?.dev ?? "")) continue;
    const [image] = await imageChain(pathOf(disk) ?? "");
    if (image?.tags.includes(name) === true) tagged.push(disk);
  }
  return { tagged, whole: tagged.length === wanted.size };
}

/** Removes the tag from images, by QEMU when it has them open. */
export async function dropTags(
  actor: DomainActor,
  tag: string,
  disks: readonly Disk[],
): Promise<void> {
  if (disks.length === 0) return;
  if (actor.view.live === undefined) {
    for (const disk of disks) await changeTag(pathOf(disk) ?? "", "delete", tag);
    return;
  }
  const ask = actor.ask.bind(actor);
  await tagJob(ask, "snapshot-delete", { tag, nodes: await topNodes(ask, disks) });
}
