/**
 * What becomes of a snapshot during which the daemon died: finished when the images are there and
 * in use, undone otherwise.
 */
import { pathOf } from "@vireo/model/moment/align-disks";
import { parseSnapshot, type Snapshot } from "@vireo/model/moment/parse-snapshot";
import { withSnapshot } from "@vireo/model/moment/snapshot-tree";
import { removeIfThere } from "../../../host/file.ts";
import { DeviceWork } from "../device-work.ts";
import { hasAgent } from "../agent-lines.ts";
import { GuestAgent } from "../guest-agent.ts";
import type { Interrupted, Recovery } from "../interrupted.ts";
import { temporaryImage } from "../saved-image.ts";
import { variablesPath } from "./create-snapshot.ts";
import { newImageOf, type NewImage } from "./disk-source-change.ts";
import { goOnWith } from "./go-on.ts";
import { nodeOf, settledJob } from "./image-jobs.ts";
import { allReaders, reads } from "./image-readers.ts";
import { closeImage, openImages } from "./live-overlays.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";
import { dropTags, taggedDisks } from "./tagged-disks.ts";

interface Left {
  readonly work: DeviceWork;
  readonly snapshot: Snapshot;
  readonly note: Interrupted["note"];
}

function noted({ xml }: Interrupted["note"]): Snapshot | undefined {
  if (typeof xml !== "string") return undefined;
  const { snapshot } = parseSnapshot(xml);
  const { name, state = "shutoff", creationTime = 0 } = snapshot;
  return name === undefined ? undefined : { ...snapshot, name, state, creationTime };
}

const wishes = (snapshot: Snapshot, mode: "internal" | "external") =>
  snapshot.disks.filter((disk) => disk.snapshot === mode);

const INDEX = /^libvirt-(\d+)-format$/;

/** The new images that the guest, or the definition, is on. */
async function inUse({ work: { actor }, snapshot }: Left): Promise<ReadonlyMap<string, NewImage>> {
  const external = wishes(snapshot, "external").map(
    (wish) => [wish.name, newImageOf(wish)] as const,
  );
  if (actor.view.live === undefined) {
    const defined = actor.view.definition.devices.disks?.map((disk) => pathOf(disk)) ?? [];
    return new Map(external.filter(([, { path }]) => defined.includes(path)));
  }
  const ask = actor.ask.bind(actor);
  const open = await openImages(ask);
  const used = external.filter(([, { path }]) => open.includes(path));
  return new Map(
    await Promise.all(
      used.map(async ([name, image]) => {
        const index = Number(INDEX.exec((await nodeOf(ask, image.path)) ?? "")?.[1] ?? 0);
        return [name, { ...image, index }] as const;
      }),
    ),
  );
}

async function closeNodes({ work: { actor } }: Left, path: string): Promise<void> {
  if (actor.view.live === undefined) return;
  await closeImage(actor.ask.bind(actor), path);
}

/** Files that the interrupted operation made, unless somebody reads them. */
async function removeFiles(left: Left): Promise<void> {
  const { work, snapshot, note } = left;
  const readers = await allReaders(work.definitions);
  for (const wish of wishes(snapshot, "external")) {
    const { path, type } = newImageOf(wish);
    await closeNodes(left, path);
    const read = readers.some((reader) => reads(reader, path));
    if (!read && type === "file" && note["reused"] !== true) await removeIfThere(path);
  }
  const { file } = snapshot.memory ?? {};
  if (file !== undefined) {
    await removeIfThere(temporaryImage(file));
    await removeIfThere(file);
  }
  await removeIfThere(variablesPath(work, snapshot.name));
}

/** Whether each image has the tag; those that have it alone lose it. */
async function tagsWhole({ work: { actor }, snapshot }: Left): Promise<boolean> {
  if (actor.view.live !== undefined) await settledJob(actor.ask.bind(actor), "snapshot-save");
  const { tagged, whole } = await taggedDisks(actor, snapshot);
  if (!whole) await dropTags(actor, snapshot.name, tagged);
  return whole;
}

async function isMade(left: Left): Promise<boolean> {
  const { work, snapshot } = left;
  if (wishes(snapshot, "internal").length > 0) return tagsWhole(left);
  const external = wishes(snapshot, "external");
  const images = await inUse(left);
  if (external.length === 0 || images.size < external.length) return false;
  const { live, definition, persistent } = work.actor.view;
  const known = [...(live ? [live.config] : []), ...(persistent ? [definition] : [])];
  const behind = known.some(({ devices: { disks = [] } }) => {
    const paths = disks.map((one) => pathOf(one));
    return [...images.values()].some(({ path }) => !paths.includes(path));
  });
  if (behind) await goOnWith(work, images);
  return true;
}

async function goOn({ work: { actor, definitions }, note }: Left): Promise<void> {
  const { live, state } = actor.view;
  if (live === undefined) return;
  if (hasAgent(actor))
    await new GuestAgent(definitions.env.agents, actor)
      .ask({ command: "guest-fsfreeze-thaw" })
      .catch(() => undefined); // it was not frozen
  if (note["ran"] === true && state.state === "paused") await actor.run("unpaused");
}

export const recoverSnapshot: Recovery = async ({ env, list, actor, note }) => {
  const snapshot = noted(note);
  if (snapshot === undefined) return "snapshot: its note is damaged";
  const work = new DeviceWork({ env, list }, actor);
  const left = { work, snapshot, note };
  return actor.turn("snapshot", async () => {
    // asked first: the status of the domain may be older than the snapshot's file
    const made = (await isMade(left)) || snapshotsOf(actor).all.has(snapshot.name);
    if (!made) await removeFiles(left);
    else if (note["noMetadata"] !== true)
      await keepSnapshots(env, actor, withSnapshot(snapshotsOf(actor), snapshot, true));
    await goOn(left);
    return `snapshot '${snapshot.name}' ${made ? "finished" : "undone"}`;
  });
};
