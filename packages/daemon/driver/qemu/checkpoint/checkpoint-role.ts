/** The driver's operations on checkpoints. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CheckpointDisk } from "@vireo/model/moment/checkpoint";
import { latestCheckpoint, selectCheckpoints } from "@vireo/model/moment/checkpoint-tree";
import { descendantsOf, parentOf, withoutMoment } from "@vireo/model/moment/moment-tree";
import {
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
  type WrittenCheckpoint,
} from "@vireo/model/moment/parse-checkpoint";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { pathOf } from "@vireo/qemu/block/chain";
import { keptBitmap } from "@vireo/qemu/block/dirty-bitmap";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { LiveDomain } from "../domain-view.ts";
import { keptConfig } from "../kept-config.ts";
import { diskAt, refuseAnyBlockJob, targetOf } from "../live-disk.ts";
import { migratableConfig } from "../migratable-config.ts";
import { bitmapNode, changedSince, removeBitmaps, transact } from "./dirty-bitmaps.ts";
import { checkpointsOf, keepCheckpoints } from "./known-checkpoints.ts";

const isWritable = (disk: Disk): boolean => disk.source !== undefined && disk.readonly !== true;

function diskNamed(disks: readonly Disk[], name: string): Disk {
  const found = disks.find((disk) => targetOf(disk) === name || pathOf(disk) === name);
  if (found === undefined) throw virError("configUnsupported", `no disk named '${name}'`);
  return found;
}

/** Every disk of the domain with what the checkpoint does with it. @throws VireoError */
function aligned(
  disks: readonly Disk[],
  wanted: readonly CheckpointDisk[],
  name: string,
): readonly CheckpointDisk[] {
  const asked = new Map<string, CheckpointDisk>();
  for (const one of wanted) {
    const target = targetOf(diskNamed(disks, one.name));
    if (asked.has(target)) throw virError("configUnsupported", `disk '${target}' specified twice`);
    if (one.bitmap !== undefined && one.bitmap !== name)
      throw virError(
        "configUnsupported",
        `bitmap for disk '${target}' must match checkpoint name '${name}'`,
      );
    asked.set(target, one);
  }
  return disks.map((disk) => {
    const target = targetOf(disk);
    const otherwise = wanted.length === 0 && isWritable(disk) ? "bitmap" : "no";
    const one = asked.get(target);
    const checkpoint = one === undefined ? otherwise : (one.checkpoint ?? "bitmap");
    return { name: target, checkpoint, ...(checkpoint === "bitmap" ? { bitmap: name } : {}) };
  });
}

/** Bitmaps are of disks that are written to, and those that outlive the process need an image that can hold them. */
function mustHoldBitmaps(disk: Disk): void {
  if (!isWritable(disk))
    throw virError("configUnsupported", `disk '${targetOf(disk)}' is empty or readonly`);
  const format = disk.driver?.type ?? "raw";
  if (format !== "qcow2")
    throw virError(
      "configUnsupported",
      `checkpoint for disk ${targetOf(disk)} unsupported for storage type ${format}`,
    );
}

const notRunning = (what: string) =>
  virError("operationUnsupported", `cannot ${what} checkpoint for inactive domain`);

function refuseKnown(actor: DomainActor, name: string): void {
  if (checkpointsOf(actor).has(name))
    throw virError("operationFailed", `domain moment ${name} already exists`);
}

/** What a new checkpoint is to be, and the steps in QEMU that make it. @throws VireoError */
export function planCheckpoint(
  actor: DomainActor,
  live: LiveDomain,
  { wish, domain }: { readonly wish: WrittenCheckpoint; readonly domain: ResolvedDomain },
): { readonly checkpoint: Checkpoint; readonly actions: Parameters<typeof transact>[1] } {
  const creationTime = Math.trunc(Date.now() / 1000);
  const name = wish.name ?? String(creationTime);
  if (name.includes("/")) throw virError("xmlDetail", `invalid checkpoint name '${name}'`);
  refuseKnown(actor, name);
  const disks = aligned(live.config.devices.disks ?? [], wish.disks, name);
  const noted = disks.flatMap((one) => {
    const disk = one.checkpoint === "bitmap" ? diskAt(live.config, one.name) : undefined;
    return disk === undefined ? [] : [disk];
  });
  for (const disk of noted) mustHoldBitmaps(disk);
  const parent = latestCheckpoint(checkpointsOf(actor))?.name;
  const checkpoint: Checkpoint = {
    name,
    ...(wish.description === undefined ? {} : { description: wish.description }),
    ...(parent === undefined ? {} : { parent: { name: parent } }),
    creationTime,
    disks,
    domain,
  };
  return { checkpoint, actions: noted.map((disk) => keptBitmap({ node: bitmapNode(disk), name })) };
}

/** What a checkpoint keeps of the domain that runs. @throws VireoError */
export const domainNow = (
  { env }: Pick<Definitions, "env">,
  live: LiveDomain,
): Promise<ResolvedDomain> => keptConfig(env, migratableConfig(live, env.paths));

export async function noteCheckpoint(
  { env }: Definitions,
  actor: DomainActor,
  checkpoint: Checkpoint,
): Promise<void> {
  const all = new Map([...checkpointsOf(actor), [checkpoint.name, checkpoint]]);
  await keepCheckpoints(env, actor, all);
}

async function create(
  definitions: Definitions,
  actor: DomainActor,
  wish: WrittenCheckpoint,
): Promise<string> {
  const { live } = actor.view;
  if (live === undefined) throw notRunning("create");
  refuseAnyBlockJob(live);
  const { checkpoint, actions } = planCheckpoint(actor, live, {
    wish,
    domain: await domainNow(definitions, live),
  });
  await transact(actor.ask.bind(actor), actions);
  // a bitmap without checkpoint harms nobody: QEMU forgets nothing by it
  await noteCheckpoint(definitions, actor, checkpoint);
  return checkpoint.name;
}

async function redefine(
  definitions: Definitions,
  actor: DomainActor,
  wish: WrittenCheckpoint,
): Promise<string> {
  const { name, creationTime, domain } = wish;
  if (name === undefined) throw virError("xmlError", "a redefined checkpoint must have a name");
  if (creationTime === undefined)
    throw virError("internalError", "missing creationTime from existing checkpoint");
  if (domain?.uuid !== undefined && domain.uuid !== actor.view.uuid)
    throw virError(
      "invalidArg",
      `definition for checkpoint ${name} must use uuid ${actor.view.uuid}`,
    );
  await noteCheckpoint(definitions, actor, { ...wish, name, creationTime });
  return name;
}

type Deleting = OperationInput<"domainCheckpoint", "delete">;

async function remove(
  { env }: Definitions,
  actor: DomainActor,
  { name, children, childrenOnly, metadataOnly }: Deleting,
): Promise<void> {
  const all = checkpointsOf(actor);
  const one = mustFind(actor, name);
  const below = children === true || childrenOnly === true ? descendantsOf(all, name) : [];
  const gone = childrenOnly === true ? below : [one, ...below];
  const { live } = actor.view;
  if (metadataOnly !== true) {
    if (live === undefined) throw notRunning("delete");
    refuseAnyBlockJob(live);
    for (const disk of live.config.devices.disks ?? [])
      await removeBitmaps(
        actor.ask.bind(actor),
        disk,
        gone.map((each) => each.name),
      );
  }
  let rest = all;
  for (const each of gone.toReversed()) rest = withoutMoment(rest, each);
  await keepCheckpoints(env, actor, rest);
}

/** @throws VireoError `noDomainCheckpoint` */
export function mustFind(actor: DomainActor, name: string): Checkpoint {
  const found = checkpointsOf(actor).get(name);
  if (found !== undefined) return found;
  throw virError("noDomainCheckpoint", `no domain checkpoint with matching name '${name}'`);
}

/** With the bytes that changed since, of each disk. */
async function measured(actor: DomainActor, checkpoint: Checkpoint): Promise<Checkpoint> {
  actor.allow("control");
  const { live } = actor.view;
  const disks: CheckpointDisk[] = [];
  for (const one of checkpoint.disks) {
    const disk = live && diskAt(live.config, one.name);
    const noted = disk !== undefined && one.checkpoint === "bitmap";
    const size = noted
      ? await changedSince(actor.ask.bind(actor), disk, one.bitmap ?? checkpoint.name)
      : undefined;
    disks.push(size === undefined ? one : { ...one, size });
  }
  return { ...checkpoint, disks };
}

export const checkpointRole = (definitions: Definitions): Role<"domainCheckpoint"> => {
  const { list } = definitions;
  const actorOf = (domain: DomainRef): DomainActor => list.find(domain);
  return {
    create: ({ domain, xml, redefine: known }) => {
      const actor = actorOf(domain);
      const wish = parseCheckpoint(xml);
      return actor.change("createCheckpoint", () =>
        (known === true ? redefine : create)(definitions, actor, wish),
      );
    },
    list: ({ domain, ...filter }) => {
      const actor = actorOf(domain);
      if (filter.below !== undefined) mustFind(actor, filter.below);
      return selectCheckpoints(checkpointsOf(actor), filter).map(({ name }) => name);
    },
    find: ({ domain, name }) => {
      const actor = actorOf(domain);
      const parent = parentOf(checkpointsOf(actor), mustFind(actor, name))?.name;
      return { name, ...(parent === undefined ? {} : { parent }) };
    },
    xml: async ({ domain: ref, name, secure, noDomain, size }) => {
      const actor = actorOf(ref);
      const known = mustFind(actor, name);
      const { domain, ...rest } =
        size === true
          ? await actor.change("measureCheckpoint", () => measured(actor, known))
          : known;
      const shown = noDomain === true || domain === undefined ? rest : { ...rest, domain };
      return formatCheckpoint(shown, { secure: secure === true });
    },
    delete: (input) => {
      const actor = actorOf(input.domain);
      return actor.change("deleteCheckpoint", () => remove(definitions, actor, input));
    },
  };
};
