/**
 * The long job of a domain: save, dump, snapshot, backup. It lives beside the turns; who asks for
 * its progress, or aborts it, never waits for it.
 */
import { virError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import type { JobFigures, JobOperation, JobStats } from "@vireo/model/operation/domain-job";
import { within } from "../../host/clock.ts";
import type { DomainRequest } from "../decide.ts";
import type { Admits, JobTurn } from "./turn-queue.ts";

/** What a job lets others change meanwhile: nothing, whether the vCPUs run, or everything. */
export type JobAdmission = "nothing" | "suspend" | "modify";

export interface JobPlan {
  readonly operation: JobOperation;
  readonly admits: JobAdmission;
  /** Why it cannot be aborted, if it cannot. */
  readonly unabortable?: string;
}

/** The turns that only stop the vCPUs. */
const SUSPENDING: ReadonlySet<string> = new Set<DomainRequest>(["suspend"]);

const ADMITS: Readonly<Record<JobAdmission, Admits>> = {
  nothing: () => false,
  suspend: (what) => SUSPENDING.has(what),
  modify: () => true,
};

export const admitsOf = ({ admits }: Pick<JobPlan, "admits">): Admits => ADMITS[admits];

/** In libvirt's words, for the error of a job that its client aborted. */
const NAMES: Partial<Readonly<Record<JobOperation, string>>> = {
  save: "domain save job",
  dump: "domain core dump job",
  snapshot: "snapshot job",
  backup: "backup job",
  start: "start job",
};

/** How long who asks for progress waits for a newer one. */
const LOOK_MS = 1000;

export class DomainJob {
  readonly plan: JobPlan;
  /** Runs a step that changes the domain, as a turn of the job's own. */
  readonly turn: JobTurn;
  readonly #began = performance.now();
  readonly #abort = new AbortController();
  #figures: JobFigures | undefined;
  #look: (() => Promise<JobFigures>) | undefined;

  constructor(plan: JobPlan, turn: JobTurn) {
    this.plan = plan;
    this.turn = turn;
  }

  /** Aborted when a client wants the job to end. The job then fails with `aborted`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Publishes how far it is. */
  report(figures: JobFigures): void {
    this.#figures = figures;
  }

  /** From now on progress is asked for when somebody wants to know it. */
  lookWith(look: () => Promise<JobFigures>): void {
    this.#look = look;
  }

  /** Waits a second at most for something newer than what was last reported. */
  async stats(): Promise<JobStats> {
    const looked = this.#look?.().catch(() => undefined);
    const figures = looked && (await within(LOOK_MS, looked));
    if (figures !== undefined) this.report(figures);
    // a backup that waits to be fetched has no end of its own
    const total = this.#figures?.["data_total"] ?? this.#figures?.["disk_total"];
    return this.#statsAs(total === undefined ? "unbounded" : "bounded");
  }

  /** @throws VireoError `operationInvalid` for a job that cannot be aborted */
  abort(): void {
    const { unabortable } = this.plan;
    if (unabortable !== undefined) throw virError("operationInvalid", unabortable);
    this.#abort.abort(this.aborted);
  }

  /** What the work fails with when it was aborted. */
  get aborted(): Error {
    const name = NAMES[this.plan.operation] ?? "job";
    return virError("operationAborted", `${name}: canceled by client`);
  }

  /** Whether it got as far as to be asked for progress. */
  get hasBegun(): boolean {
    return this.#look !== undefined || this.#figures !== undefined;
  }

  /** Its last words. */
  ended(error?: unknown): JobStats {
    if (error === undefined) return this.#statsAs("completed");
    const stats = this.#statsAs(this.signal.aborted ? "cancelled" : "failed");
    return { ...stats, ...(error instanceof Error ? { error: error.message } : {}) };
  }

  #statsAs(type: JobStats["type"]): JobStats {
    const elapsed = Math.round(performance.now() - this.#began);
    return {
      type,
      operation: this.plan.operation,
      figures: { time_elapsed: elapsed, ...this.#figures },
    };
  }
}

const NONE: JobStats = { type: "none", operation: "unknown", figures: {} };

/** Which job a domain has, and how the last one ended. */
export class JobBoard {
  readonly #tell: (news: DomainEventBody) => void;
  #current: DomainJob | undefined;
  #completed: JobStats | undefined;

  constructor(tell: (news: DomainEventBody) => void) {
    this.#tell = tell;
  }

  get current(): DomainJob | undefined {
    return this.#current;
  }

  /** Does the job's work and keeps how it ended. */
  async run<T>(job: DomainJob, work: () => T | Promise<T>): Promise<T> {
    this.#current = job;
    try {
      const result = await work();
      this.#end(job, job.ended());
      return result;
    } catch (error) {
      this.#end(job, job.ended(error));
      throw error;
    } finally {
      this.#current = undefined;
    }
  }

  #end({ hasBegun }: DomainJob, stats: JobStats): void {
    const isBackup = stats.operation === "backup" && hasBegun;
    if (stats.type === "completed") this.#completed = stats;
    else if (isBackup) this.#completed = { ...stats, type: "completed" };
    // as libvirt does: whoever waits for a backup hears of every end, others of success only
    if (stats.type === "completed" || isBackup) this.#tell({ kind: "jobCompleted", stats });
  }

  /** Of the job that runs. */
  stats(): Promise<JobStats> {
    return this.#current?.stats() ?? Promise.resolve(NONE);
  }

  /** Of the last one that succeeded; forgotten once told, unless `keep`. */
  completed({ keep }: { readonly keep: boolean }): JobStats {
    const stats = this.#completed ?? NONE;
    if (!keep) this.#completed = undefined;
    return stats;
  }

  /** @throws VireoError `operationInvalid` */
  abort(): void {
    if (this.#current === undefined)
      throw virError("operationInvalid", "no job is active on the domain");
    this.#current.abort();
  }
}
