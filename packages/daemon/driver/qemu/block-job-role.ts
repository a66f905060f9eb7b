/** The driver's operations on the images of running domains. */
import { explainError, virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import { chainOfDisk, formatNode } from "@vireo/qemu/block/chain";
import type { BlockJob } from "../../state/block-job-status.ts";
import type { Role } from "../contract.ts";
import { beginCopy } from "./block-copy.ts";
import { mirrorNode } from "./block-job-bitmaps.ts";
import { beginCommit, beginPull, liveOf, setJob } from "./block-job-begin.ts";
import { inner } from "./block-nodes.ts";
import { chainNodes, noteWrites } from "./checkpoint/dirty-bitmaps.ts";
import type { Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import { diskAt, findDisk, targetOf } from "./live-disk.ts";

function jobOf(actor: DomainActor, name: string): BlockJob | undefined {
  const { config, blockJobs = [] } = liveOf(actor);
  const disk = findDisk(config, name);
  return blockJobs.find((job) => job.disk === targetOf(disk));
}

/** @throws VireoError `invalidArg` */
function mustHaveJob(actor: DomainActor, disk: string): BlockJob {
  const job = jobOf(actor, disk);
  if (job === undefined)
    throw virError("invalidArg", `disk ${disk} does not have an active block job`);
  return job;
}

type Info = OperationOutput<"domain", "blockJobInfo">;

const countOf = (found: unknown, name: string): number => {
  const value = inner(found, name);
  return typeof value === "number" ? value : 0;
};

/** Who polls takes equal numbers for the end: they are told only when it is one. */
function progressOf(found: unknown): { current: number; end: number } {
  if (found === undefined) return { current: 0, end: 1 };
  const [current, end] = [countOf(found, "offset"), countOf(found, "len")];
  if (current !== end) return { current, end };
  const ready = inner(found, "ready") === true;
  if (ready) return end === 0 ? { current: 1, end: 1 } : { current, end };
  return end === 0 ? { current: 0, end: 1 } : { current: end - 1, end };
}

async function info(actor: DomainActor, disk: string): Promise<Info> {
  const job = jobOf(actor, disk);
  if (job === undefined) return undefined;
  const answer = await actor.ask("query-block-jobs");
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const found = all.find((one) => inner(one, "device") === job.name);
  return { type: job.kind, bandwidth: countOf(found, "speed"), ...progressOf(found) };
}

type Abort = OperationInput<"domain", "blockJobAbort">;

function mustBePivotable(job: BlockJob): void {
  if (job.state !== "ready")
    throw virError("blockCopyActive", `block job '${job.name}' not ready for pivot yet`);
}

/** The guest goes on with the copy; the disk's bitmaps learn later what it wrote there before they came. */
async function pivotTo(
  actor: DomainActor,
  job: BlockJob,
  disk: ReturnType<typeof diskAt>,
): Promise<void> {
  const node = disk && mirrorNode(disk);
  if (disk !== undefined && node !== undefined)
    await noteWrites(actor.ask.bind(actor), { chain: chainNodes(disk), node });
  await actor.ask("job-complete", { id: job.name });
}

/** Asks QEMU to end the job. What was asked is noted first: a daemon that comes later knows. */
async function askToEnd(actor: DomainActor, { disk, pivot }: Abort): Promise<BlockJob> {
  const job = mustHaveJob(actor, disk);
  if (job.state === "pivoting" || job.state === "aborting" || job.state === "concluded")
    throw virError("operationInvalid", `block job on disk '${disk}' is still being ended`);
  if (pivot === true) mustBePivotable(job);
  const found = diskAt(liveOf(actor).config, job.disk);
  const mirror = found?.mirror;
  const ready = pivot === true ? "pivot" : "abort";
  const state = pivot === true ? "pivoting" : "aborting";
  setJob(actor, { ...job, state }, mirror && { ...mirror, ready });
  await actor.kept();
  try {
    if (pivot === true) await pivotTo(actor, job, found);
    else await actor.ask("block-job-cancel", { device: job.name });
  } catch (error) {
    setJob(actor, job, mirror);
    throw error;
  }
  return job;
}

async function abort(actor: DomainActor, input: Abort): Promise<void> {
  const { name } = await actor.change("blockJobAbort", () => askToEnd(actor, input));
  if (input.async === true) return;
  await actor.until(({ live }) => live?.blockJobs?.every((job) => job.name !== name) ?? true);
}

const SECTOR = 512;
/** Formats whose sizes are whole sectors. */
const BY_SECTORS: ReadonlySet<string> = new Set(["qcow2", "qed"]);

async function resize(
  actor: DomainActor,
  { disk: name, bytes }: OperationInput<"domain", "blockResize">,
): Promise<void> {
  const { config } = liveOf(actor);
  const disk = config.devices.disks?.find((one) => targetOf(one) === name) ?? byPath(config, name);
  const [top] = chainOfDisk(disk).images;
  if (top === undefined || disk.readonly === true)
    throw virError("operationUnsupported", `can't resize empty or readonly disk '${name}'`);
  const whole = BY_SECTORS.has(top.format ?? "raw") ? Math.ceil(bytes / SECTOR) * SECTOR : bytes;
  await actor.ask("block_resize", { "node-name": formatNode(top), size: whole });
}

function byPath(config: ReturnType<typeof liveOf>["config"], name: string) {
  try {
    return findDisk(config, name);
  } catch {
    throw virError("invalidArg", `disk '${name}' was not found in the domain config`);
  }
}

export const blockJobRole = ({ env, list }: Definitions): Role<"domain"> => {
  const inTurn = <T>(
    { domain }: { readonly domain: OperationInput<"domain", "blockPull">["domain"] },
    what: string,
    work: (actor: DomainActor) => Promise<T>,
  ): Promise<T> => {
    const actor = list.find(domain);
    return actor.change(what, () => work(actor));
  };
  return {
    blockPull: (input) => inTurn(input, "blockPull", (actor) => beginPull(actor, input)),
    blockCommit: (input) => inTurn(input, "blockCommit", (actor) => beginCommit(actor, input)),
    blockCopy: (input) =>
      inTurn(input, "blockCopy", (actor) =>
        beginCopy(env, actor, {
          input,
          report: (what, error) =>
            env.log.warn({ domain: actor.view.name, what }, explainError(error)),
        }),
      ),
    blockJobInfo: ({ domain, disk }) => info(list.find(domain), disk),
    blockJobAbort: (input) => abort(list.find(input.domain), input),
    blockJobSpeed: (input) =>
      inTurn(input, "blockJobSpeed", async (actor) => {
        const { name } = mustHaveJob(actor, input.disk);
        await actor.ask("block-job-set-speed", { device: name, speed: input.bandwidth });
      }),
    blockResize: (input) => inTurn(input, "blockResize", (actor) => resize(actor, input)),
  };
};
