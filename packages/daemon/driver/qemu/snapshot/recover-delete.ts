/** A delete during which the daemon died goes on: what is merged already is merged, the rest is done now. */
import { DeviceWork } from "../device-work.ts";
import type { Recovery } from "../interrupted.ts";
import { takeOut } from "./delete-snapshot.ts";
import { dropUnread } from "./image-readers.ts";
import { settledJob } from "./image-jobs.ts";
import { closeImage, isRead } from "./live-overlays.ts";
import { snapshotsOf } from "./load-snapshots.ts";
import { mergedInto, type Merged } from "./merged-image.ts";

const isMerged = (value: unknown): value is Merged =>
  typeof value === "object" && value !== null && "from" in value && "into" in value;

/** What QEMU merged already is told to all who name it: the definition alone may know it. */
async function tellMerged(work: DeviceWork, noted: unknown): Promise<void> {
  const { actor } = work;
  const ask = actor.ask.bind(actor);
  for (const job of ["block-commit", "snapshot-delete"]) await settledJob(ask, job);
  for (const one of Array.isArray(noted) ? noted.filter(isMerged) : []) {
    if (await isRead(ask, one.from)) continue;
    await closeImage(ask, one.from);
    await mergedInto(work, one);
  }
}

export const recoverDelete: Recovery = async ({ env, list, actor, note: { name, tops, live } }) => {
  const work = new DeviceWork({ env, list }, actor);
  return actor.turn("snapshot", async () => {
    if (actor.view.live !== undefined) await tellMerged(work, live);
    const snapshot = snapshotsOf(actor).all.get(String(name));
    if (snapshot !== undefined) await takeOut(work, snapshot);
    const left: readonly unknown[] = Array.isArray(tops) ? tops : [];
    await dropUnread(
      work,
      left.filter((one) => typeof one === "string"),
    );
    return `delete of snapshot '${String(name)}' finished`;
  });
};
