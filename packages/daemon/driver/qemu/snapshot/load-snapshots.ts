/** Brings back what an earlier daemon knew of snapshots. */
import { explainError } from "@vireo/model/error";
import { formatSnapshot, parseSnapshot, type Snapshot } from "@vireo/model/moment/parse-snapshot";
import { NO_SNAPSHOTS, withSnapshot, type SnapshotSet } from "@vireo/model/moment/snapshot-tree";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { QemuEnvironment } from "../environment.ts";

/** Of a domain that may have none. */
export const snapshotsOf = ({ view }: DomainActor): SnapshotSet => view.snapshots ?? NO_SNAPSHOTS;

/** A file that we wrote, or libvirt did. */
function known(xml: string): Snapshot {
  const { snapshot } = parseSnapshot(xml);
  const { name = "", state = "shutoff", creationTime = 0 } = snapshot;
  if (name === "") throw new Error("a snapshot without name");
  return { ...snapshot, name, state, creationTime };
}

async function load(env: QemuEnvironment, actor: DomainActor): Promise<SnapshotSet> {
  const report = (path: string, error: unknown): void =>
    env.log.error({ path }, `Failed to parse snapshot XML: ${explainError(error)}; it is kept`);
  let set = NO_SNAPSHOTS;
  for (const { active, ...snapshot } of await env.snapshots.load(actor.view.name, known, report))
    set = withSnapshot(set, snapshot, active === 1);
  return set;
}

/** One that cannot be read harms no other. */
export async function loadSnapshots({ env, list }: Definitions): Promise<void> {
  await Promise.all(
    list.all().map(async (actor) => {
      const snapshots = await load(env, actor);
      if (snapshots.all.size > 0) actor.update({ snapshots });
    }),
  );
}

const fileXml = (snapshot: Snapshot, current: boolean): string =>
  formatSnapshot(current ? { ...snapshot, active: 1 } : snapshot, { secure: true });

/**
 * Publishes another set of snapshots when it is on disk: what is new or different is written, what
 * is not in it any more goes.
 */
export async function keepSnapshots(
  env: QemuEnvironment,
  actor: DomainActor,
  next: SnapshotSet,
): Promise<void> {
  const { name } = actor.view;
  const before = snapshotsOf(actor);
  for (const snapshot of next.all.values()) {
    const current = next.current === snapshot.name;
    const same = before.all.get(snapshot.name) === snapshot;
    if (!same || current !== (before.current === snapshot.name))
      await env.snapshots.save(name, snapshot.name, fileXml(snapshot, current));
  }
  for (const gone of before.all.keys())
    if (!next.all.has(gone)) await env.snapshots.remove(name, gone);
  actor.update({ snapshots: next });
}
