/**
 * Makes a snapshot, one step after the other, each with its undo:
 *
 *     journal -> agent freezes -> memory -> images -> definition, status -> metadata -> vCPUs, agent
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { pathOf, type AlignedDisk } from "@vireo/model/moment/align-disks";
import { formatSnapshot, type WrittenSnapshot } from "@vireo/model/moment/parse-snapshot";
import { withSnapshot } from "@vireo/model/moment/snapshot-tree";
import { removeIfThere } from "../../../host/file.ts";
import { changeTag, createOverlay, imageChain } from "../../../host/qemu-img.ts";
import type { DeviceWork } from "../device-work.ts";
import type { DomainJob } from "../domain-job.ts";
import type { LiveDomain } from "../domain-view.ts";
import { copyWhole } from "../firmware-variables.ts";
import { GuestAgent, SLOW_MS } from "../guest-agent.ts";
import { refuseBlockJob } from "../live-disk.ts";
import { keptConfig } from "../kept-config.ts";
import { writeOut } from "../save-role.ts";
import { Undo } from "../undo.ts";
import { newImageOf } from "./disk-source-change.ts";
import { goBackTo, goOnWith } from "./go-on.ts";
import { tagJob } from "./image-jobs.ts";
import { putOnTop, topNodes } from "./live-overlays.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";
import { planSnapshot, type CreateInput, type SnapshotPlan } from "./snapshot-plan.ts";

export interface Making {
  readonly work: DeviceWork;
  readonly plan: SnapshotPlan;
  readonly input: CreateInput;
  readonly job: DomainJob;
  readonly undo: Undo;
  /** Whether the vCPUs ran when it began. */
  readonly ran: boolean;
}

const PLAN = { operation: "snapshot", admits: "nothing" } as const;

const isBlockDevice = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isBlockDevice() === true;

function checkFile({ wish }: AlignedDisk, reuse: boolean): void {
  const path = pathOf(wish) ?? "";
  if (reuse && !existsSync(path))
    throw virError("operationFailed", `missing existing file for disk ${wish.name}: ${path}`);
  if (!reuse && existsSync(path) && !isBlockDevice(path))
    throw virError(
      "configUnsupported",
      `external snapshot file for disk ${wish.name} already exists and is not a block device: ${path}`,
    );
}

/** A memory file is somebody's past; nobody's is overwritten. */
function checkMemoryFile({ snapshot: { memory } }: SnapshotPlan): void {
  if (memory?.snapshot !== "external" || memory.file === undefined) return;
  if (!memory.file.startsWith("/"))
    throw virError("xmlError", `memory snapshot file path (${memory.file}) must be absolute`);
  if (existsSync(memory.file))
    throw virError("configUnsupported", `memory snapshot file already exists: ${memory.file}`);
}

/** Where the firmware's variables of a snapshot are kept. */
export const variablesPath = (
  { definitions: { env }, actor }: DeviceWork,
  snapshot: string,
): string => join(env.paths.snapshots, actor.view.name, `${snapshot}.nvram`);

async function keepVariables({ work, plan, undo }: Making): Promise<void> {
  const path = plan.snapshot.domain?.os?.nvram?.path;
  if (path === undefined || !existsSync(path)) return;
  const copy = variablesPath(work, plan.snapshot.name);
  undo.add(`copy ${copy}`, () => removeIfThere(copy));
  await copyWhole(path, copy);
}

/** A definition that could not be taken back needs its image. */
async function removeUnlessDefined({ actor }: DeviceWork, path: string): Promise<void> {
  const { disks = [] } = actor.view.definition.devices;
  if (!disks.some((disk) => pathOf(disk) === path)) await removeIfThere(path);
}

async function makeFiles({ work, plan, input, undo }: Making): Promise<void> {
  if (input.reuseExternal === true) return;
  for (const { disk, wish } of plan.external) {
    const { path, format } = newImageOf(wish);
    const [below] = await imageChain(pathOf(disk) ?? "");
    if (below === undefined) throw virError("internalError", `no image for disk ${wish.name}`);
    if (!isBlockDevice(path)) undo.add(`image ${path}`, () => removeUnlessDefined(work, path));
    const backingFormat = disk.driver?.type ?? "raw";
    await createOverlay({ path, format, backing: below.path, backingFormat, size: below.size });
  }
}

async function takeOffline(making: Making): Promise<void> {
  const { plan, undo } = making;
  const { name } = plan.snapshot;
  for (const { disk } of plan.internal) {
    const path = pathOf(disk) ?? "";
    await changeTag(path, "create", name);
    undo.add(`snapshot in ${path}`, () => changeTag(path, "delete", name));
  }
  await makeFiles(making);
  await keepVariables(making);
  if (plan.external.length === 0) return;
  const { definition } = making.work.actor.view;
  const images = plan.external.map(({ wish }) => [wish.name, newImageOf(wish)] as const);
  await goOnWith(making.work, new Map(images));
  undo.add("definition", () => goBackTo(making.work, definition));
}

async function takeInternal(making: Making): Promise<void> {
  const { work, plan } = making;
  const { actor } = work;
  const ask = actor.ask.bind(actor);
  const nodes = await topNodes(
    ask,
    plan.internal.map(({ disk }) => disk),
  );
  actor.intent.pauseReason = "snapshot";
  try {
    if (making.ran) await actor.ask("stop");
    await keepVariables(making);
    await tagJob(ask, "snapshot-save", { tag: plan.snapshot.name, nodes });
    making.undo.add("snapshot in the images", () =>
      tagJob(ask, "snapshot-delete", { tag: plan.snapshot.name, nodes }),
    );
  } finally {
    actor.intent.pauseReason = "user";
  }
}

/** Afterwards the vCPUs stand still, and the memory is on disk. */
async function takeMemory(making: Making, live: LiveDomain): Promise<void> {
  const { work, plan, undo, job, ran, input } = making;
  const { file } = plan.snapshot.memory ?? {};
  if (plan.snapshot.memory?.snapshot !== "external" || file === undefined) return;
  undo.add(`memory file ${file}`, () => removeIfThere(file));
  const { env } = work.definitions;
  const packing = env.saveImageFormat ?? "raw";
  const image = {
    path: file,
    packing,
    running: ran,
    xml: formatDomain(await keptConfig(env, live.config), { secure: true }),
  };
  const saving = { actor: work.actor, job, live, ran: ran && input.live !== true };
  await writeOut(env, saving, image);
}

async function takeExternal(making: Making, live: LiveDomain): Promise<void> {
  const { work, plan, undo } = making;
  const ask = work.actor.ask.bind(work.actor);
  await makeFiles(making);
  await takeMemory(making, live);
  await keepVariables(making);
  if (plan.external.length === 0) return;
  const overlays = await putOnTop(ask, { live, disks: plan.external, undo });
  // from here on the guest writes to the new images: nothing of this may be taken back any more
  undo.forget();
  await goOnWith(
    work,
    new Map(overlays.map(({ disk, image }) => [disk.target?.dev ?? "", image] as const)),
  );
}

/** The file systems of the guest stand still while `work` is done, if that was asked for. */
async function quiesced(
  { work: { actor, definitions }, input }: Making,
  work: () => Promise<void>,
): Promise<void> {
  const { live } = actor.view;
  if (input.quiesce !== true || live === undefined) return work();
  const agent = new GuestAgent(definitions.env.agents, actor);
  await agent.ask({ command: "guest-fsfreeze-freeze", timeoutMs: SLOW_MS });
  try {
    await work();
  } finally {
    await agent.ask({ command: "guest-fsfreeze-thaw", timeoutMs: SLOW_MS });
  }
}

async function take(making: Making): Promise<void> {
  const { live } = making.work.actor.view;
  if (live === undefined) return takeOffline(making);
  if (making.plan.snapshot.memory?.snapshot === "internal") return takeInternal(making);
  return quiesced(making, () => takeExternal(making, live));
}

/** What the journal has to say about it. */
export const snapshotNote = ({ plan, ran, input }: Making): Readonly<Record<string, unknown>> => ({
  xml: formatSnapshot(plan.snapshot, { secure: true }),
  ran,
  ...(input.reuseExternal === true && { reused: true }),
  ...(input.noMetadata === true && { noMetadata: true }),
});

/** Lets the guest run again when it did, or ends it when that was asked for. */
async function settle({ work: { actor }, input, ran }: Making): Promise<void> {
  if (actor.view.live === undefined) return;
  if (input.halt === true) return actor.end("fromSnapshot");
  if (ran && actor.view.state.state === "paused") await actor.run("unpaused");
}

async function make(making: Making): Promise<string> {
  const { work, plan, undo, input } = making;
  const { env } = work.definitions;
  try {
    await take(making);
    if (input.noMetadata !== true)
      await keepSnapshots(
        env,
        work.actor,
        withSnapshot(snapshotsOf(work.actor), plan.snapshot, true),
      );
    await work.actor.kept();
    undo.forget();
  } catch (error) {
    await undo.run(work.report);
    await settle({ ...making, input: { ...input, halt: false } }).catch(() => undefined); // it may have ended
    throw error;
  }
  await settle(making);
  return plan.snapshot.name;
}

const MS = 1000;

/** Makes the snapshot as the domain's job. @throws VireoError, and everything is as it was */
export function createSnapshot(
  work: DeviceWork,
  wish: WrittenSnapshot,
  input: CreateInput,
): Promise<string> {
  const { actor, definitions } = work;
  return actor.job("snapshot", PLAN, async (job) => {
    const { view } = actor;
    const { env } = definitions;
    const domain = await keptConfig(env, view.live?.config ?? view.definition);
    const plan = planSnapshot(view, { wish, input, domain }, Math.floor(Date.now() / MS));
    const { name } = plan.snapshot;
    if (snapshotsOf(actor).all.has(name))
      throw virError("operationFailed", `domain moment ${name} already exists`);
    for (const disk of plan.external) checkFile(disk, input.reuseExternal === true);
    checkMemoryFile(plan);
    if (view.live !== undefined)
      for (const { disk } of [...plan.external, ...plan.internal]) refuseBlockJob(view.live, disk);
    const ran = view.state.state === "running";
    const making: Making = { work, plan, input, job, undo: new Undo(), ran };
    const entry = { uuid: view.uuid, operation: "snapshot", note: snapshotNote(making) };
    return env.journal.during(entry, () => make(making));
  });
}
