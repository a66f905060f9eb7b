/** What is known of a domain's checkpoints, in memory and on disk. */
import { explainError } from "@vireo/model/error";
import type { CheckpointSet } from "@vireo/model/moment/checkpoint-tree";
import {
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from "@vireo/model/moment/parse-checkpoint";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { QemuEnvironment } from "../environment.ts";

const NONE: CheckpointSet = new Map();

export const checkpointsOf = ({ view }: DomainActor): CheckpointSet => view.checkpoints ?? NONE;

/** A file that we wrote, or libvirt did. */
function known(xml: string): Checkpoint {
  const { name = "", creationTime = 0, ...rest } = parseCheckpoint(xml);
  if (name === "") throw new Error("a checkpoint without name");
  return { ...rest, name, creationTime };
}

async function load(env: QemuEnvironment, actor: DomainActor): Promise<CheckpointSet> {
  const report = (path: string, error: unknown): void =>
    env.log.error({ path }, `Failed to parse checkpoint XML: ${explainError(error)}; it is kept`);
  const all = await env.checkpoints.load(actor.view.name, known, report);
  return new Map(all.map((one) => [one.name, one]));
}

/** One that cannot be read harms no other. */
export async function loadCheckpoints({ env, list }: Definitions): Promise<void> {
  await Promise.all(
    list.all().map(async (actor) => {
      const checkpoints = await load(env, actor);
      if (checkpoints.size > 0) actor.update({ checkpoints });
    }),
  );
}

/** Publishes another set when it is on disk. */
export async function keepCheckpoints(
  env: QemuEnvironment,
  actor: DomainActor,
  next: CheckpointSet,
): Promise<void> {
  const { name } = actor.view;
  const before = checkpointsOf(actor);
  for (const one of next.values())
    if (before.get(one.name) !== one)
      await env.checkpoints.save(name, one.name, formatCheckpoint(one, { secure: true }));
  for (const gone of before.keys()) if (!next.has(gone)) await env.checkpoints.remove(name, gone);
  actor.update({ checkpoints: next });
}
