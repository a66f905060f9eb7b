/**
 * Brings a domain back to a snapshot. The images of the snapshot stay as they are: the domain goes
 * on in new ones on top of them, so that the same snapshot can be reverted to again.
 */
import { existsSync } from "node:fs";
import { virError } from "@vireo/model/error";
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { Snapshot } from "@vireo/model/moment/parse-snapshot";
import type { SnapshotDisk } from "@vireo/model/moment/snapshot";
import { withSnapshot } from "@vireo/model/moment/snapshot-tree";
import { domainState } from "@vireo/model/state-reason";
import type { OperationInput } from "@vireo/model/operation/operations";
import { removeIfThere } from "../../../host/file.ts";
import { changeTag, createOverlay, imageChain } from "../../../host/qemu-img.ts";
import { forgetUnlessNeeded } from "../definition.ts";
import type { DeviceWork } from "../device-work.ts";
import { copyWhole } from "../firmware-variables.ts";
import { readImage, type SavedImage } from "../saved-image.ts";
import { startSaved } from "../restore-recovery.ts";
import { Undo } from "../undo.ts";
import { variablesPath } from "./create-snapshot.ts";
import { withDisks, withImage, type NewImage } from "./disk-source-change.ts";
import { tagJob } from "./image-jobs.ts";
import { dropUnread } from "./image-readers.ts";
import { keptConfig } from "../kept-config.ts";
import { topNodes } from "./live-overlays.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";

type RevertInput = OperationInput<"domainSnapshot", "revert">;
interface Reverting {
  readonly work: DeviceWork;
  readonly snapshot: Snapshot;
  readonly input: RevertInput;
  /** The domain as it ran, or would have. */
  readonly config: ResolvedDomain;
  readonly definition: ResolvedDomain;
}

const ACTIVE = new Set<string>(["running", "paused", "blocked", "crashed"]);

const startsAgain = ({ snapshot, input }: Reverting): boolean =>
  ACTIVE.has(snapshot.state) || input.running === true || input.paused === true;
const runsAgain = ({ snapshot, input }: Reverting): boolean =>
  input.running === true || (snapshot.state === "running" && input.paused !== true);

function checkWays({ running, paused }: RevertInput): void {
  if (running === true && paused === true)
    throw virError(
      "invalidArg",
      "Flags 'VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING' and 'VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED' are mutually exclusive",
    );
}

async function reverting(
  work: DeviceWork,
  snapshot: Snapshot,
  input: RevertInput,
): Promise<Reverting> {
  const { view } = work.actor;
  const { env } = work.definitions;
  const { domain, inactiveDomain } = snapshot;
  if (domain === undefined)
    throw virError(
      "snapshotRevertRisky",
      `snapshot '${snapshot.name}' lacks domain '${view.name}' rollback info`,
    );
  const config = await keptConfig(env, domain);
  const definition = inactiveDomain === undefined ? config : await keptConfig(env, inactiveDomain);
  const made = { work, snapshot, input, config, definition };
  if (!view.persistent && !startsAgain(made))
    throw virError(
      "operationInvalid",
      "transient domain needs to request run or pause to revert to inactive snapshot",
    );
  return made;
}

/** A path beside the image that nothing has yet. */
function freePath(base: string, name: string): string {
  const stem = base.replace(/\.[^./]*$/, "");
  for (let at = Date.now(); ; at++) {
    const path = `${stem}.${name}-${at}`;
    if (!existsSync(path)) return path;
  }
}

/** Where the images on top of those of the snapshot are to be, by target. */
function newPaths({ config, snapshot }: Reverting): ReadonlyMap<string, string> {
  return new Map(
    snapshot.disks.flatMap(({ name, snapshot: mode }) => {
      const disk = config.devices.disks?.find(({ target }) => target?.dev === name);
      const base = disk === undefined ? undefined : pathOf(disk);
      if (mode !== "external" || base === undefined) return [];
      return [[name, freePath(base, snapshot.name)] as const];
    }),
  );
}

/** New images on those of the snapshot, by target. */
async function newImages(
  { config }: Reverting,
  paths: ReadonlyMap<string, string>,
  undo: Undo,
): Promise<ReadonlyMap<string, NewImage>> {
  const images = new Map<string, NewImage>();
  for (const [name, path] of paths) {
    const disk = config.devices.disks?.find(({ target }) => target?.dev === name);
    const base = disk === undefined ? undefined : pathOf(disk);
    if (disk === undefined || base === undefined) continue;
    const [below] = await imageChain(base);
    if (below === undefined) throw virError("internalError", `no image for disk ${name}`);
    undo.add(`image ${path}`, () => removeIfThere(path));
    const backingFormat = disk.driver?.type ?? "raw";
    await createOverlay({ path, format: "qcow2", backing: base, backingFormat, size: below.size });
    images.set(name, { type: "file", path, format: "qcow2" });
  }
  return images;
}

const onImages = (config: ResolvedDomain, images: ReadonlyMap<string, NewImage>): ResolvedDomain =>
  withDisks(config, (disk) => {
    const image = images.get(disk.target?.dev ?? "");
    return image && withImage(disk, image, { below: false });
  });

/** Where what happens from now on is written to. */
export const recorded = (snapshot: Snapshot, images: ReadonlyMap<string, NewImage>): Snapshot => ({
  ...snapshot,
  disks: snapshot.disks.map((disk): SnapshotDisk => {
    const image = images.get(disk.name);
    if (image === undefined) return disk;
    const { name, snapshot: mode } = disk;
    const source = { file: image.path };
    const made = { name, type: "file", driver: { type: "qcow2" }, source } as const;
    return mode === undefined ? made : { ...made, snapshot: mode };
  }),
});

/** Internal snapshots of a domain that was off are in its images; one with memory is loaded by QEMU. */
async function applyTags({ config, snapshot }: Reverting): Promise<void> {
  if (snapshot.memory?.snapshot === "internal") return;
  for (const { name, snapshot: mode } of snapshot.disks) {
    const disk = config.devices.disks?.find(({ target }) => target?.dev === name);
    const path = disk === undefined ? undefined : pathOf(disk);
    if (mode === "internal" && path !== undefined) await changeTag(path, "apply", snapshot.name);
  }
}

async function variablesBack({ work, snapshot, config }: Reverting): Promise<void> {
  const kept = variablesPath(work, snapshot.name);
  const { nvram } = config.os;
  if (nvram?.path !== undefined && existsSync(kept)) await copyWhole(kept, nvram.path);
}

interface RevertFiles {
  /** The images that are to be, by target. */
  readonly paths: ReadonlyMap<string, string>;
  /** Those that snapshots made. */
  readonly made: readonly string[];
}

const filesOf = (one: Reverting): RevertFiles => ({
  paths: newPaths(one),
  made: [...snapshotsOf(one.work.actor).all.values()].flatMap(({ disks }) =>
    disks.flatMap((disk) => pathOf(disk) ?? []),
  ),
});

/** Who asks for the definition gets the snapshot's from now on. */
async function redefine(
  { actor, definitions }: DeviceWork,
  definition: ResolvedDomain,
): Promise<void> {
  if (actor.view.persistent)
    await definitions.env.store.saveDefinition(
      actor.view.name,
      formatDomain(definition, { secure: true }),
    );
  actor.update({ definition });
}

/** In a turn: the domain is off, and its definition is the snapshot's, on new images. */
async function prepare(one: Reverting, { paths, made }: RevertFiles): Promise<ResolvedDomain> {
  const { work, snapshot } = one;
  const { actor, definitions } = work;
  const undo = new Undo();
  try {
    const images = await newImages(one, paths, undo);
    await actor.end("fromSnapshot");
    if (!actor.listed) definitions.list.add(actor); // a transient one comes back
    await applyTags(one);
    await variablesBack(one);
    await redefine(work, onImages(one.definition, images));
    undo.forget(); // the definition needs the images
    const next = withSnapshot(snapshotsOf(actor), recorded(snapshot, images), true);
    await keepSnapshots(definitions.env, actor, next);
    await dropUnread(work, made);
    return onImages(one.config, images);
  } catch (error) {
    await undo.run(work.report);
    throw error;
  }
}

/** Memory from inside the images, into a guest that stands still. */
async function loadInto({ work: { actor }, snapshot }: Reverting): Promise<void> {
  const disks = actor.view.live?.config.devices.disks ?? [];
  const kept = snapshot.disks.filter((one) => one.snapshot === "internal");
  const names = new Set(kept.map(({ name }) => name));
  const ask = actor.ask.bind(actor);
  const nodes = await topNodes(
    ask,
    disks.filter(({ target }) => names.has(target?.dev ?? "")),
  );
  await tagJob(ask, "snapshot-load", { tag: snapshot.name, nodes });
}

/** The image with the definition that goes with the new disks. */
async function memoryOf({ snapshot: { memory } }: Reverting): Promise<SavedImage | undefined> {
  if (memory?.snapshot !== "external" || memory.file === undefined) return undefined;
  return readImage(memory.file);
}

/** Runs, or stands still, as the snapshot or the caller says. */
async function goOnAs(one: Reverting): Promise<void> {
  const { actor } = one.work;
  if (runsAgain(one)) return actor.run("fromSnapshot");
  actor.update(
    { state: domainState("paused", "fromSnapshot") },
    { kind: "lifecycle", event: "suspended", detail: "fromSnapshot" },
  );
}

async function bringUp(one: Reverting, config: ResolvedDomain): Promise<void> {
  const { work, snapshot, input } = one;
  const { actor } = work;
  const image = await memoryOf(one);
  const saved = image && { image, managed: false, runs: false };
  const options = { paused: true, fromSnapshot: true, resetNvram: input.resetNvram, saved };
  await startSaved(actor, work.definitions.env, [options, config]);
  try {
    await actor.turn("control", async () => {
      if (snapshot.memory?.snapshot === "internal") await loadInto(one);
      await goOnAs(one);
    });
  } catch (error) {
    await actor.end("failed");
    throw error;
  }
}

/** A guest that is still the same machine need not be started again. */
async function inPlace(one: Reverting): Promise<boolean> {
  const { work, snapshot, config } = one;
  const { actor } = work;
  const { live } = actor.view;
  if (live === undefined || snapshot.memory?.snapshot !== "internal") return false;
  const now = await keptConfig(work.definitions.env, live.config);
  if (formatDomain(now) !== formatDomain(config)) return false;
  const ran = actor.view.state.state === "running";
  actor.intent.pauseReason = "fromSnapshot";
  try {
    if (ran) await actor.ask("stop");
    await loadInto(one);
  } catch (error) {
    if (ran) await actor.run("unpaused").catch(() => undefined); // it may have ended
    throw error;
  } finally {
    actor.intent.pauseReason = "user";
  }
  await redefine(work, one.definition);
  const next = withSnapshot(snapshotsOf(actor), snapshot, true);
  await keepSnapshots(work.definitions.env, actor, next);
  await goOnAs(one);
  return true;
}

/** In the journal. */
export const REVERT = "snapshotRevert";

const PLAN = { operation: "snapshotRevert", admits: "nothing" } as const;

/** What the journal has to say: enough to begin anew, and what the first attempt may have made. */
const revertNote = ({ snapshot, input, work }: Reverting, files: RevertFiles) => {
  const { running, paused, resetNvram } = input;
  const how = { running, paused, resetNvram };
  const ran = work.actor.view.state.state === "running";
  return { name: snapshot.name, how, images: [...files.paths.values()], made: files.made, ran };
};

/**
 * `left`: images of an earlier attempt that a crash cut short.
 * @throws VireoError `snapshotRevertRisky`, `operationInvalid`
 */
export async function revertToSnapshot(
  work: DeviceWork,
  snapshot: Snapshot,
  { left = [], ...input }: RevertInput & { readonly left?: readonly string[] },
): Promise<void> {
  checkWays(input);
  const one = await reverting(work, snapshot, input);
  const { actor } = work;
  const { journal } = work.definitions.env;
  const { uuid } = actor.view;
  const about = { uuid, operation: REVERT };
  const noted: unknown[] = [];
  let isDefined = false;
  try {
    const config = await actor.job("snapshot", PLAN, async () => {
      // a damaged memory file is found before anything is lost
      await memoryOf(one);
      const { paths, made } = filesOf(one);
      const files = { paths, made: [...made, ...left] };
      noted.push(files);
      await journal.write({ ...about, note: revertNote(one, files) });
      return (await inPlace(one)) ? undefined : prepare(one, files);
    });
    isDefined = actor.view.persistent;
    if (config !== undefined && startsAgain(one)) await bringUp(one, config);
  } catch (error) {
    await forgetUnlessNeeded(work.definitions, actor).catch(() => undefined); // somebody else did
    throw error;
  } finally {
    if (noted.length > 0) await journal.remove(about);
    if (isDefined) actor.tell({ kind: "lifecycle", event: "defined", detail: "fromSnapshot" });
  }
}
