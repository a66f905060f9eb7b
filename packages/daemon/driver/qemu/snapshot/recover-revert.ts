/** A revert during which the daemon died is made anew: what it had done is overwritten, what it had made goes. */
import { DeviceWork } from "../device-work.ts";
import type { Interrupted, Recovery } from "../interrupted.ts";
import { settledJob } from "./image-jobs.ts";
import { dropUnread } from "./image-readers.ts";
import { snapshotsOf } from "./load-snapshots.ts";
import { revertToSnapshot } from "./revert-snapshot.ts";

const textsIn = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];

/** What the caller wanted of the guest afterwards. */
function waysIn(how: unknown): { readonly [way in "running" | "paused" | "resetNvram"]: boolean } {
  const wants = (way: string): boolean =>
    how instanceof Object && Object.entries(how).some(([key, is]) => key === way && is === true);
  return { running: wants("running"), paused: wants("paused"), resetNvram: wants("resetNvram") };
}

/** A guest whose memory was being loaded may be half the old one and half the new one until that has ended. */
async function settled({ actor }: DeviceWork): Promise<void> {
  if (actor.view.live !== undefined) await settledJob(actor.ask.bind(actor), "snapshot-load");
}

export const recoverRevert: Recovery = async ({ env, list, actor, note }: Interrupted) => {
  const work = new DeviceWork({ env, list }, actor);
  const name = String(note["name"]);
  const left = [...textsIn(note["images"]), ...textsIn(note["made"])];
  await actor.change("snapshot", () => settled(work));
  const snapshot = snapshotsOf(actor).all.get(name);
  if (snapshot === undefined) {
    await dropUnread(work, left);
    return `revert to snapshot '${name}': the snapshot is gone`;
  }
  const domain = { uuid: actor.view.uuid };
  await revertToSnapshot(work, snapshot, { domain, name, ...waysIn(note["how"]), left });
  return `revert to snapshot '${name}' finished`;
};
