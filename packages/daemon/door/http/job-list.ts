/** Operations that take long, as things of their own: asked with `Prefer: respond-async`. */
import { randomBytes } from "node:crypto";
import { isError, virError } from "@vireo/model/error";
import type { Progress } from "../../driver/contract.ts";
import type { Work } from "../../api/work.ts";
import { problemOf, type Problem } from "./problem.ts";

export const JOB_STATES = ["running", "done", "failed", "cancelled"] as const;

export interface Job {
  readonly id: string;
  readonly operation: string;
  /** Who asked. */
  readonly by: string;
  readonly subject: string;
  readonly startedAt: string;
  readonly state: (typeof JOB_STATES)[number];
  /** Absent while nobody knows. */
  readonly progress?: Progress;
  /** Somebody asked it to end. */
  readonly cancelling?: true;
  readonly endedAt?: string;
  /** For who asked only: it may hold a secret. */
  readonly result?: unknown;
  readonly error?: Problem;
}

/** Of those that ended. */
const KEPT = 1000;
const LOOK_MS = 500;

interface Running {
  readonly work: Work;
  /** It is being asked how far it is, which a stuck guest may delay. */
  isAsked: boolean;
}

/** Without its result, for everybody else. */
export function withoutResult(job: Job): Job {
  const { result, ...rest } = job;
  return result === undefined ? job : rest;
}

export class JobList {
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Map<string, Running>();
  readonly #onChange: (job: Job) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onChange` hears of every step, without results. */
  constructor(onChange: (job: Job) => void) {
    this.#onChange = onChange;
  }

  start(about: Pick<Job, "operation" | "by" | "subject">, work: Work): Job {
    this.#dropOld();
    const job: Job = {
      ...about,
      id: randomBytes(9).toString("base64url"),
      startedAt: new Date().toISOString(),
      state: "running",
    };
    this.#running.set(job.id, { work, isAsked: false });
    this.#put(job);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    void work.outcome.then(
      (result) => this.#end(job.id, { state: "done", result: result ?? null }),
      (error: unknown) => this.#end(job.id, failure(error)),
    );
    return job;
  }

  /**
   * Asks a running job to end; it tells by its state when it has.
   * @throws VireoError `operationInvalid` when it has ended, and what the work says when it cannot be
   */
  async cancel(id: string): Promise<Job> {
    const { state } = this.find(id);
    const running = this.#running.get(id);
    if (running === undefined)
      throw virError("operationInvalid", `job '${id}' has ended already: ${state}`);
    await running.work.cancel();
    const now = this.find(id);
    if (now.state === "running") this.#put({ ...now, cancelling: true });
    return this.find(id);
  }

  #look(): void {
    for (const [id, running] of this.#running) {
      if (running.isAsked) continue;
      running.isAsked = true;
      void running.work
        .progress()
        .catch(() => undefined) // it may not have begun yet
        .then((progress) => {
          running.isAsked = false;
          this.#advance(id, progress);
        });
    }
  }

  #advance(id: string, progress: Progress | undefined): void {
    const job = this.#jobs.get(id);
    if (job?.state !== "running" || progress === undefined) return;
    const { done, total } = job.progress ?? {};
    if (done !== progress.done || total !== progress.total) this.#put({ ...job, progress });
  }

  #end(id: string, end: Pick<Job, "state" | "result" | "error">): void {
    this.#running.delete(id);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#put({ ...job, ...end, endedAt: new Date().toISOString() });
  }

  #put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#onChange(withoutResult(job));
  }

  /** How many have not ended. */
  get running(): number {
    return this.#running.size;
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** @throws VireoError `invalidArg` */
  find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw Object.assign(virError("invalidArg", `job '${id}' is not known`), { statusCode: 404 });
  }

  /** Forgets the oldest that ended; running ones stay. */
  #dropOld(): void {
    for (const { id, state } of this.#jobs.values()) {
      if (this.#jobs.size < KEPT) return;
      if (state !== "running") this.#jobs.delete(id);
    }
  }
}

const failure = (error: unknown): Pick<Job, "state" | "error"> => ({
  state: isError(error, "operationAborted") ? "cancelled" : "failed",
  error: problemOf(error),
});
