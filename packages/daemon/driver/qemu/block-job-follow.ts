/**
 * Follows block jobs to their end, also those that an earlier daemon began. QEMU keeps a job that
 * has ended until it is dismissed; it is dismissed when the chain it left is in the status file.
 */
import { unlink } from "node:fs/promises";
import { explainError, isError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import type { Disk } from "@vireo/model/domain/device/disk";
import { BLOCK_JOB_TYPES } from "@vireo/model/operation/domain-block-job";
import { chainOfMirror, formatNode, pathOf } from "@vireo/qemu/block/chain";
import type { BlockJob } from "../../state/block-job-status.ts";
import { definedAfter, fulfilled, unchanged } from "./block-job-end.ts";
import { layersOf } from "./block-job-bitmaps.ts";
import { dropJob, setJob } from "./block-job-begin.ts";
import { mergeBitmaps } from "./checkpoint/dirty-bitmaps.ts";
import {
  CREATE_PREFIX,
  nodeOfDevice,
  queryJobs,
  removeImages,
  type QemuJob,
} from "./block-nodes.ts";
import { saveChanged, type Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { GuestEvent } from "./guest-event.ts";
import { diskAt, withDisk } from "./live-disk.ts";
import { dropUnread } from "./snapshot/image-readers.ts";

type Told = Extract<DomainEventBody, { kind: "blockJob" }>["status"];

const typeNumber = ({ kind }: BlockJob): number => BLOCK_JOB_TYPES.indexOf(kind);

const jobNamed = ({ view }: DomainActor, name: string): BlockJob | undefined =>
  view.live?.blockJobs?.find((job) => job.name === name);

function tellJob(actor: DomainActor, job: BlockJob, status: Told): void {
  const disk = actor.view.live && diskAt(actor.view.live.config, job.disk);
  const path = (disk && pathOf(disk)) ?? "";
  actor.tell({ kind: "blockJob", path, target: job.disk, type: typeNumber(job), status });
}

/** Only the kinds that wait for a decision become ready. */
function becomeReady(actor: DomainActor, job: BlockJob): void {
  const disk = actor.view.live && diskAt(actor.view.live.config, job.disk);
  if (disk?.mirror === undefined || (job.state !== "running" && job.state !== "new")) return;
  setJob(actor, { ...job, state: "ready" }, { ...disk.mirror, ready: "yes" });
  tellJob(actor, job, "ready");
}

const MIRRORS: readonly BlockJob["kind"][] = ["copy", "activeCommit"];

/** Whether the device is connected to what the job mirrored to: QEMU knows, whatever was noted. */
async function hasPivoted(actor: DomainActor, disk: Disk): Promise<boolean> {
  const [target] = disk.mirror === undefined ? [] : chainOfMirror(disk.mirror).images;
  const node = await nodeOfDevice(actor, disk.alias?.name ?? "");
  return target !== undefined && node === formatNode(target);
}

/** What the job leaves, and whose bitmaps belong together. */
const done = (before: Disk, job: BlockJob) => {
  const layers = layersOf(before, job);
  return { ...fulfilled(before, job), ...(layers && { layers }) };
};

/** What was not merged stays. */
const spared = (before: Disk, job: BlockJob) => ({ ...unchanged(before, job), deletes: [] });

class BlockJobFollower {
  readonly #definitions: Definitions;
  readonly #actor: DomainActor;

  constructor(definitions: Definitions, actor: DomainActor) {
    this.#definitions = definitions;
    this.#actor = actor;
  }

  hear({ name, data }: GuestEvent): void {
    if (name !== "JOB_STATUS_CHANGE") return;
    const job = jobNamed(this.#actor, String(data["id"]));
    if (job === undefined) return;
    if (data["status"] === "ready") becomeReady(this.#actor, job);
    if (data["status"] === "concluded") this.#follow(job.name);
  }

  readonly #report = (what: string, error: unknown): void =>
    this.#definitions.env.log.warn({ domain: this.#actor.view.name, what }, explainError(error));

  /** In a turn; when none is to be had for long, again: the job waits. */
  #follow(name: string): void {
    this.#actor
      .change("blockJob", () => this.#conclude(name))
      .catch((error: unknown) => {
        this.#report(`block job ${name}`, error);
        if (isError(error, "operationTimeout") && jobNamed(this.#actor, name) !== undefined)
          this.#follow(name);
      });
  }

  async #conclude(name: string): Promise<void> {
    const job = jobNamed(this.#actor, name);
    if (job === undefined) return;
    const info = (await queryJobs(this.#actor)).find(({ id }) => id === name);
    if (info === undefined || info.status === "concluded") await this.#end(job, info);
  }

  /** Each step may be the last of this daemon: the next one finds what is left to do. */
  async #end(job: BlockJob, info: QemuJob | undefined): Promise<void> {
    const actor = this.#actor;
    const told = job.state === "concluded" ? undefined : await this.#settle(job, info);
    const ended = jobNamed(actor, job.name) ?? job;
    // it holds on to its nodes until it is dismissed
    if (info !== undefined) await actor.ask("job-dismiss", { id: job.name });
    await this.#keepBitmaps(ended);
    await removeImages(actor, ended.gone ?? [], this.#report);
    if (ended.state === "concluded")
      await dropUnread(
        { definitions: this.#definitions, report: this.#report },
        ended.deletes ?? [],
      );
    dropJob(actor, ended);
    if (job.state === "new" && job.created !== undefined)
      await unlink(job.created).catch((error: unknown) => this.#report("copy", error));
    if (told !== undefined) tellJob(actor, job, told);
  }

  /** Whether the job has done what it was to do. */
  async #isFulfilled(job: BlockJob, before: Disk, info: QemuJob | undefined): Promise<boolean> {
    if (MIRRORS.includes(job.kind)) return hasPivoted(this.#actor, before);
    return info !== undefined && info.error === undefined && job.state !== "aborting";
  }

  /** Writes down the chain as the job has left it. */
  async #settle(job: BlockJob, info: QemuJob | undefined): Promise<Told | undefined> {
    const actor = this.#actor;
    const { live } = actor.view;
    const before = live && diskAt(live.config, job.disk);
    if (live === undefined || before === undefined) return undefined;
    const whole = await this.#isFulfilled(job, before, info);
    const { disk: after, ...rest } = whole ? done(before, job) : spared(before, job);
    if (whole) await this.#define(before, after);
    const concluded = { ...job, state: "concluded", ...rest } as const;
    const others = (live.blockJobs ?? []).filter(({ name }) => name !== job.name);
    const config = withDisk(live.config, after);
    actor.update({ live: { ...live, config, blockJobs: [...others, concluded] } });
    await actor.kept();
    if (whole) return "completed";
    return job.state === "aborting" || info?.error === undefined ? "canceled" : "failed";
  }

  /** An incremental backup that has lost its bitmap is refused; the job's work is not lost by that. */
  async #keepBitmaps({ disk, layers }: BlockJob): Promise<void> {
    if (layers === undefined) return;
    await mergeBitmaps(this.#actor.ask.bind(this.#actor), layers).catch((error: unknown) =>
      this.#report(`bitmaps of ${disk}`, error),
    );
  }

  /** The next start is to use what the running domain uses. */
  async #define(before: Disk, after: Disk): Promise<void> {
    const { definition, persistent } = this.#actor.view;
    const defined = diskAt(definition, after.target?.dev ?? "");
    const changed = defined && definedAfter(defined, { before, after });
    if (!persistent || changed === undefined) return;
    await saveChanged(this.#definitions, this.#actor, withDisk(definition, changed));
  }

  /** After a QEMU was found again: what became of the jobs that were noted. */
  async catchUp(): Promise<void> {
    const actor = this.#actor;
    const noted = actor.view.live?.blockJobs ?? [];
    const jobs = await queryJobs(actor);
    for (const { id, status } of jobs)
      if (id.startsWith(CREATE_PREFIX) && status === "concluded")
        await actor.ask("job-dismiss", { id });
    for (const job of noted) await this.#resume(job, jobs);
  }

  async #resume(job: BlockJob, jobs: readonly QemuJob[]): Promise<void> {
    const actor = this.#actor;
    const info = jobs.find(({ id }) => id === job.name);
    const { log } = this.#definitions.env;
    if (info === undefined || info.status === "concluded") {
      log.warn({ domain: actor.view.name, job: job.name }, "A block job ended while no daemon ran");
      await actor.change("blockJob", () => this.#conclude(job.name));
      return;
    }
    log.info({ domain: actor.view.name, job: job.name }, `A block job goes on: ${info.status}`);
    if (info.status === "ready") return this.#resumeReady(job);
    if (job.state === "new") setJob(actor, { ...job, state: "running" });
  }

  /** The decision that was under way did not reach QEMU: it is to be taken again. */
  #resumeReady(job: BlockJob): void {
    const actor = this.#actor;
    if (job.state === "ready") return;
    becomeReady(actor, { ...job, state: "running" });
  }
}

/** Lets block jobs of the domain be followed as long as it is known. */
export function followBlockJobs(definitions: Definitions, actor: DomainActor): void {
  const follower = new BlockJobFollower(definitions, actor);
  actor.follow({
    onEvent: (event) => follower.hear(event),
    onFound: () => follower.catchUp(),
  });
}
