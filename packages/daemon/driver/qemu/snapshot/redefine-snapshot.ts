/** Takes a client's word for a snapshot that exists: after an undefine, or from another host. */
import { virError } from "@vireo/model/error";
import type { Snapshot, WrittenSnapshot } from "@vireo/model/moment/parse-snapshot";
import { descendantsOf } from "@vireo/model/moment/moment-tree";
import { withSnapshot, type SnapshotSet } from "@vireo/model/moment/snapshot-tree";
import type { DeviceWork } from "../device-work.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";

function complete(wish: WrittenSnapshot): Snapshot {
  const { name, creationTime, state } = wish;
  if (name === undefined) throw virError("xmlError", "a redefined snapshot must have a name");
  if (creationTime === undefined)
    throw virError("internalError", "missing creationTime from existing snapshot");
  if (state === undefined) throw virError("xmlError", "missing state from existing snapshot");
  const { active: _said, ...rest } = wish;
  return { ...rest, name, creationTime, state };
}

function checkParent(set: SnapshotSet, { name, parent }: Snapshot): void {
  if (parent?.name === undefined) return;
  if (parent.name === name)
    throw virError("invalidArg", `cannot set moment ${name} as its own parent`);
  if (!set.all.has(parent.name))
    throw virError("invalidArg", `parent ${parent.name} for moment ${name} not found`);
  if (descendantsOf(set.all, name).some((one) => one.name === parent.name))
    throw virError("invalidArg", `parent ${parent.name} would create cycle to ${name}`);
}

function checkDomain(uuid: string, { name, domain, domainUuid }: Snapshot): void {
  const said = domain?.uuid ?? domainUuid;
  if (said !== undefined && said !== uuid)
    throw virError("invalidArg", `definition for snapshot ${name} must use uuid ${uuid}`);
}

/** @throws VireoError `xmlError`, `invalidArg` */
export function redefineSnapshot(
  { actor, definitions }: DeviceWork,
  wish: WrittenSnapshot,
  { current }: { readonly current?: boolean | undefined },
): Promise<string> {
  const said = complete(wish);
  return actor.turn("snapshot", async () => {
    const set = snapshotsOf(actor);
    checkParent(set, said);
    checkDomain(actor.view.uuid, said);
    const before = set.all.get(said.name);
    // what a client leaves out is not forgotten
    const snapshot: Snapshot =
      before?.domain && !said.domain ? { ...said, domain: before.domain } : said;
    await keepSnapshots(definitions.env, actor, withSnapshot(set, snapshot, current === true));
    return said.name;
  });
}
