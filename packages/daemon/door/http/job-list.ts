/** Operations that take long, as things of their own: asked with `Prefer: respond-async`. */
import { randomBytes } from "node:crypto";
import { virError } from "@vireo/model/error";
import { problemOf, type Problem } from "./problem.ts";

export interface Job {
  readonly id: string;
  readonly operation: string;
  /** Who asked. */
  readonly by: string;
  readonly subject: string;
  readonly startedAt: string;
  readonly state: "running" | "done" | "failed";
  readonly endedAt?: string;
  readonly result?: unknown;
  readonly error?: Problem;
}

const KEPT = 1000;

export class JobList {
  readonly #jobs = new Map<string, Job>();
  readonly #onChange: (job: Job) => void;

  constructor(onChange: (job: Job) => void) {
    this.#onChange = onChange;
  }

  start(about: Pick<Job, "operation" | "by" | "subject">, work: () => Promise<unknown>): Job {
    this.#dropOld();
    const job: Job = {
      ...about,
      id: randomBytes(9).toString("base64url"),
      startedAt: new Date().toISOString(),
      state: "running",
    };
    this.#put(job);
    const ended = (end: Pick<Job, "state" | "result" | "error">): void =>
      this.#put({ ...job, endedAt: new Date().toISOString(), ...end });
    void work().then(
      (result) => ended({ state: "done", result: result ?? null }),
      (error: unknown) => ended({ state: "failed", error: problemOf(error) }),
    );
    return job;
  }

  #put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#onChange(job);
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** @throws VireoError `operationInvalid` */
  find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw virError("invalidArg", `job '${id}' is not known`);
    return job;
  }

  /** Forgets the oldest that ended; running ones stay. */
  #dropOld(): void {
    for (const { id, state } of this.#jobs.values()) {
      if (this.#jobs.size < KEPT) return;
      if (state !== "running") this.#jobs.delete(id);
    }
  }
}
