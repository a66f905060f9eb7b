/** A delete during which the daemon died goes on: what is merged already is merged, the rest is done now. */
import { DeviceWork } from "../device-work.ts";
import type { Recovery } from "../interrupted.ts";
import { takeOut } from "./delete-snapshot.ts";
import { settledJob } from "./image-jobs.ts";
import { snapshotsOf } from "./load-snapshots.ts";
import { dropUnread } from "./image-readers.ts";

export const recoverDelete: Recovery = async ({ env, list, actor, note: { name, tops } }) => {
  const work = new DeviceWork({ env, list }, actor);
  return actor.turn("snapshot", async () => {
    const ask = actor.ask.bind(actor);
    if (actor.view.live !== undefined)
      for (const job of ["block-commit", "snapshot-delete"]) await settledJob(ask, job);
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
