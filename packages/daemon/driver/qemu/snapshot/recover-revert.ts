/** A revert during which the daemon died: finished when the definition is on its images, undone otherwise. */
import { pathOf } from "@vireo/model/moment/align-disks";
import { withSnapshot } from "@vireo/model/moment/snapshot-tree";
import { DeviceWork } from "../device-work.ts";
import type { Interrupted, Recovery } from "../interrupted.ts";
import type { NewImage } from "./disk-source-change.ts";
import { settledJob } from "./image-jobs.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";
import { dropUnread, recorded } from "./revert-snapshot.ts";

const textsIn = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];

/** The images that were to be, by target. */
function imagesIn({ images }: Interrupted["note"]): ReadonlyMap<string, NewImage> {
  const all = typeof images === "object" && images !== null ? Object.entries(images) : [];
  return new Map(
    all.flatMap(([target, path]: readonly [string, unknown]) =>
      typeof path === "string" ? [[target, { type: "file", path, format: "qcow2" }] as const] : [],
    ),
  );
}

/** A guest that stood still while its memory was loaded goes on, with the old memory or with the new. */
async function goOn({ actor }: DeviceWork, ran: boolean): Promise<void> {
  if (actor.view.live === undefined) return;
  await settledJob(actor.ask.bind(actor), "snapshot-load");
  if (ran && actor.view.state.state === "paused") await actor.run("unpaused");
}

export const recoverRevert: Recovery = async ({ env, list, actor, note }) => {
  const work = new DeviceWork({ env, list }, actor);
  const images = imagesIn(note);
  const paths = [...images.values()].map(({ path }) => path);
  const name = String(note["name"]);
  return actor.turn("snapshot", async () => {
    await goOn(work, note["ran"] === true);
    const defined = actor.view.definition.devices.disks?.map((disk) => pathOf(disk)) ?? [];
    const done = paths.length > 0 && paths.every((path) => defined.includes(path));
    const snapshots = snapshotsOf(actor);
    const snapshot = snapshots.all.get(name);
    if (done && snapshot !== undefined)
      await keepSnapshots(env, actor, withSnapshot(snapshots, recorded(snapshot, images), true));
    await dropUnread(work, [...paths, ...textsIn(note["made"])]);
    return `revert to snapshot '${name}' ${done ? "finished" : "undone"}`;
  });
};
