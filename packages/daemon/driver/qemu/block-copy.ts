/** Begins to copy a disk to another place: makes the image there, opens it, and mirrors. */
import { existsSync } from "node:fs";
import { access, open, unlink } from "node:fs/promises";
import { virError, type VireoError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import {
  IMAGE_FORMATS,
  type BackingStore,
  type Mirror,
} from "@vireo/model/domain/device/disk-chain";
import { parseDevice } from "@vireo/model/domain/device/parse-device";
import type { OperationInput } from "@vireo/model/operation/operations";
import {
  chainOfDisk,
  chainOfMirror,
  formatNode,
  pathOf,
  type ChainImage,
} from "@vireo/qemu/block/chain";
import { createFormatProps, createStorageProps } from "@vireo/qemu/block/create-props";
import type { Image } from "@vireo/qemu/block/image";
import { storageSource } from "@vireo/qemu/block/source-of-disk";
import { given } from "@vireo/qemu/json";
import { imageNames } from "@vireo/qemu/device/disk-image";
import type { PlugStep } from "@vireo/qemu/plug";
import type { BlockJob } from "../../state/block-job-status.ts";
import { hasCode, hostError } from "../../host/errno.ts";
import { headerAt, withBackingChain } from "./backing-chain.ts";
import { beginJob, dropJob, liveOf, setJob } from "./block-job-begin.ts";
import { capacityOf, createImage, removeImages } from "./block-nodes.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";
import { plugIn, stepsOf, type HotSteps } from "./hot-plug.ts";
import { findDisk, lastNodeOf, refuseBlockJob, targetOf, withDisk } from "./live-disk.ts";
import { NO_TAPS } from "./guest-taps.ts";
import { openFor } from "./open-fds.ts";
import { Undo } from "./undo.ts";

type Copy = OperationInput<"domain", "blockCopy">;
type Report = (what: string, error: unknown) => void;

/** Where the copy is to be, as a disk on it would be written. */
function destinationOf({ destination }: Copy): Pick<Disk, "type" | "source" | "driver"> {
  if ("xml" in destination) {
    const { kind, device } = parseDevice(destination.xml);
    if (kind !== "disks")
      throw virError("xmlError", "the destination of a block copy is to be a <disk>");
    return device;
  }
  const { path, block, format } = destination;
  const type = format === undefined ? undefined : IMAGE_FORMATS.find((one) => one === format);
  const driver = type === undefined ? {} : { driver: { type } };
  return block === true
    ? { type: "block", source: { dev: path }, ...driver }
    : { type: "file", source: { file: path }, ...driver };
}

type Format = NonNullable<NonNullable<Disk["driver"]>["type"]>;

/** As written; else what an image that is there shows; else as the disk's. */
async function formatOf(
  disk: Disk,
  { type, source, driver }: ReturnType<typeof destinationOf>,
  reuse: boolean,
): Promise<Format | undefined> {
  const path = pathOf({ type, source });
  if (driver?.type !== undefined || !reuse || path === undefined)
    return driver?.type ?? disk.driver?.type;
  const seen = (await headerAt(path))?.format;
  return IMAGE_FORMATS.find((one) => one === seen) ?? disk.driver?.type;
}

/** The disk as it would be on the copy, which has the number `id`. */
async function copiedDisk(disk: Disk, input: Copy, id: number): Promise<Disk> {
  const destination = destinationOf(input);
  const { type, source } = destination;
  if (source === undefined) throw virError("invalidArg", "the destination has no source");
  const format = await formatOf(disk, destination, input.reuse === true);
  const { backingStore, mirror: _none, ...rest } = disk;
  const alone = {
    ...rest,
    type,
    source: { ...source, index: id },
    driver: { ...disk.driver, ...(format === undefined ? {} : { type: format }) },
  } as Disk; // type and source come from one destination
  if (input.shallow === true)
    return backingStore === undefined ? alone : { ...alone, backingStore };
  return input.reuse === true
    ? numbered(await withBackingChain(alone), id) // the image is asked what it leans on
    : { ...alone, backingStore: { type: "none" } };
}

/** Images below a copy that was there already are opened for it alone. */
function numbered(disk: Disk, first: number): Disk {
  const count = (store: BackingStore | undefined, index: number): BackingStore | undefined => {
    if (store === undefined || store.type === "none") return store;
    const below = count(store.backingStore, index + 1);
    return { ...store, index, ...(below === undefined ? {} : { backingStore: below }) };
  };
  const backingStore = count(disk.backingStore, first + 1);
  return backingStore === undefined ? disk : { ...disk, backingStore };
}

/** What the live XML shows of the copy. A shallow one shows no chain: it is the disk's own. */
function mirrorOf(disk: Disk, shallow: boolean): Mirror {
  const { type, source, driver, backingStore } = disk;
  const file = type === "file" ? pathOf(disk) : undefined;
  const format = driver?.type;
  return {
    type,
    ...(file === undefined
      ? {}
      : { file, ...(format === undefined ? {} : { formatName: format }) }),
    job: "copy",
    ...(format === undefined ? {} : { format: { type: format } }),
    source,
    ...(shallow || backingStore === undefined ? {} : { backingStore }),
  } as Mirror; // type and source come from one disk
}

const taken = (path: string, target: string): VireoError =>
  virError(
    "configUnsupported",
    `external destination file for disk ${target} already exists and is not a block device: ${path}`,
  );

/** What is not to be made has to be there. @throws VireoError `systemError` */
async function mustExist(copied: Disk, { reuse }: Copy): Promise<void> {
  const path = pathOf(copied);
  if (path === undefined || (reuse !== true && copied.type !== "block")) return;
  await access(path).catch((error: unknown) => {
    throw hostError(`missing destination file for disk ${targetOf(copied)}: ${path}`, error);
  });
}

/** Makes an empty file, for nobody else to use meanwhile. @throws VireoError `configUnsupported` */
async function makeFile(path: string, target: string): Promise<void> {
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw hostError("failed to create copy target", error);
    throw taken(path, target);
  }
}

const plainImage = (image: ChainImage, backing: Image["backing"]): Image => {
  const source = storageSource({ type: image.type, source: image.source } as Disk); // of one image
  if (source === undefined) throw virError("invalidArg", "the destination has no place");
  return {
    source,
    format: image.format ?? "raw",
    ...imageNames(image.index),
    readOnly: false,
    objects: {},
    backing,
  };
};

interface Making {
  readonly actor: DomainActor;
  readonly disk: Disk;
  readonly copied: Disk;
  readonly hot: HotSteps;
  readonly input: Copy;
  readonly report: Report;
}

const isNodeOf = (step: PlugStep, node: string): boolean =>
  step.kind === "blockdev" && step.properties["node-name"] === node;

/** Gives QEMU the copy's nodes; an image that is not there is made between its storage and its format. */
async function openCopy({ actor, disk, copied, hot, input, report }: Making): Promise<void> {
  const open = (need: Parameters<typeof openFor>[0]): Promise<number> =>
    openFor(need, NO_TAPS, new Undo());
  const give = async (steps: readonly PlugStep[]): Promise<void> => {
    await plugIn(actor.ask.bind(actor), { ...hot, steps }, { open, report });
  };
  const { steps } = hot;
  if (input.reuse === true) return give(steps);
  const [top] = chainOfDisk(disk).images;
  const [own, below] = chainOfDisk(copied).images;
  if (top === undefined || own === undefined) throw virError("internalError", "no image to copy");
  const backing = below === undefined ? undefined : plainImage(below, "unknown");
  const image = plainImage(own, backing ?? "terminated");
  const capacity = await capacityOf(actor, formatNode(top));
  const storage = createStorageProps(image, image.format === "raw" ? capacity : 0);
  if (storage !== undefined) await createImage(actor, image.storageNode, storage);
  const format = steps.findIndex((step) => isNodeOf(step, image.formatNode));
  await give(steps.slice(0, format));
  const made = createFormatProps(
    image,
    backing === undefined ? { capacity, physical: 0 } : { capacity, physical: 0, backing },
  );
  if (made !== undefined) await createImage(actor, image.formatNode, made);
  await give(steps.slice(format));
}

interface Opening {
  readonly live: LiveDomain;
  readonly copied: Disk;
  /** Numbers of the images that QEMU has not yet. */
  readonly fresh: readonly number[];
}

async function copySteps(
  env: QemuEnvironment,
  actor: DomainActor,
  { live, copied, fresh }: Opening,
): Promise<HotSteps> {
  const config = withDisk(live.config, copied);
  const index = (config.devices.disks ?? []).findIndex((one) => targetOf(one) === targetOf(copied));
  const nodeIds = chainOfDisk(copied).images.map((image) => image.index);
  const emulator = await env.emulatorFor(config);
  const place = { kind: "disks", index } as const;
  const work = { env, emulator, id: live.id, config, place, nodeIds };
  const hot = await stepsOf(work, actor.ask.bind(actor));
  const marks = fresh.map((id) => `libvirt-${id}-`);
  const steps = hot.steps.filter(
    (step) =>
      (step.kind === "blockdev" || step.kind === "object") &&
      marks.some((mark) =>
        String(step.properties["node-name"] ?? step.properties["id"]).includes(mark),
      ),
  );
  return { ...hot, steps };
}

const createdBy = (input: Copy, copied: Disk): string | undefined =>
  input.reuse !== true && copied.type === "file" ? pathOf(copied) : undefined;

function refuseTaken(path: string | undefined, disk: Disk): void {
  if (path !== undefined && existsSync(path)) throw taken(path, targetOf(disk));
}

interface NewFile {
  /** None is made when absent. */
  readonly path: string | undefined;
  readonly target: string;
  readonly report: Report;
}

/** A file that was made for work that fails goes again. */
async function inNewFile(
  { path, target, report }: NewFile,
  work: () => Promise<void>,
): Promise<void> {
  if (path === undefined) return work();
  await makeFile(path, target);
  try {
    await work();
  } catch (error) {
    await unlink(path).catch((fault: unknown) => report(path, fault));
    throw error;
  }
}

/** @throws VireoError `operationInvalid`, `invalidArg` */
function refuseCopy({ view }: DomainActor, { transient, granularity = 0 }: Copy): void {
  if (view.persistent && transient !== true)
    throw virError("operationInvalid", "domain is not transient");
  if ((granularity & (granularity - 1)) !== 0)
    throw virError("invalidArg", "granularity must be power of 2");
}

/** In a turn. @throws VireoError */
export async function beginCopy(
  env: QemuEnvironment,
  actor: DomainActor,
  { input, report }: { readonly input: Copy; readonly report: Report },
): Promise<void> {
  const live = liveOf(actor);
  const disk = findDisk(live.config, input.disk);
  refuseBlockJob(live, disk);
  const [top] = chainOfDisk(disk).images;
  if (top === undefined) throw virError("configUnsupported", `disk '${targetOf(disk)}' is empty`);
  const id = lastNodeOf(live) + 1;
  const copied = await copiedDisk(disk, input, id);
  refuseCopy(actor, input);
  await mustExist(copied, input);
  const shallow = input.shallow === true;
  const mirror = mirrorOf(copied, shallow);
  const fresh = shallow ? [id] : chainOfMirror(mirror).images.map(({ index }) => index);
  const created = createdBy(input, copied);
  const job: BlockJob = {
    name: `copy-${targetOf(disk)}-${formatNode(top)}`,
    kind: "copy",
    disk: targetOf(disk),
    state: "new",
    ...(shallow ? { shallow } : {}),
    ...(created === undefined ? {} : { created }),
  };
  const hot = await copySteps(env, actor, { live, copied, fresh });
  // what the status file names, a later daemon removes: it must not be anybody's
  refuseTaken(created, disk);
  actor.update({ live: { ...live, lastNode: Math.max(id, ...fresh) } });
  setJob(actor, job, mirror);
  await actor.kept();
  try {
    await inNewFile({ path: created, target: targetOf(disk), report }, async () => {
      await openCopy({ actor, disk, copied, hot, input, report });
      await beginJob(actor, { job, mirror }, [
        "blockdev-mirror",
        given({
          device: formatNode(top),
          target: formatNode({ index: id }),
          sync: shallow ? "top" : "full",
          speed: input.bandwidth,
          granularity: input.granularity,
          "buf-size": input.bufferSize,
          "copy-mode": input.synchronous === true ? "write-blocking" : undefined,
        }),
      ]);
    });
  } catch (error) {
    dropJob(actor, job);
    await removeImages(actor, fresh, report).catch((fault: unknown) => report("copy", fault));
    throw error;
  }
}
