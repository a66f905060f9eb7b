/** Work that goes on in the daemon after the request that began it was answered. */
import { HttpProblem, type ProblemBody } from "./http-error.ts";
import type { DaemonEvent } from "./event-reader.ts";

/** How a job stands. */
export interface JobState {
  readonly id: string;
  readonly operation: string;
  /** Who asked for it. */
  readonly by: string;
  readonly subject: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Mostly bytes; `total` is 0 while it is not known. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** It was asked to end. */
  readonly cancelling?: boolean;
  /** What the operation answered; told to who asked for it. */
  readonly result?: unknown;
  readonly error?: ProblemBody;
}

/** A job of ours. */
export interface Job {
  readonly id: string;
  /** Each step, the last one included; ends with the job. */
  readonly follow: (options?: { readonly signal?: AbortSignal }) => AsyncGenerator<JobState, void>;
  /** The operation's answer, at the end. @throws HttpProblem when it failed or was cancelled */
  readonly result: (options?: { readonly signal?: AbortSignal }) => Promise<unknown>;
  /** Asks it to end. @throws HttpProblem when it has ended, or cannot be */
  readonly cancel: () => Promise<void>;
}

/** What a job needs of its client. */
export interface JobLine {
  readonly find: (id: string) => Promise<JobState>;
  readonly cancel: (id: string) => Promise<void>;
  readonly events: (signal: AbortSignal) => AsyncGenerator<DaemonEvent, void>;
}

/** The job of that id. */
export function jobOf(line: JobLine, id: string): Job {
  async function* follow({
    signal,
  }: {
    readonly signal?: AbortSignal;
  } = {}): AsyncGenerator<JobState, void> {
    const over = new AbortController();
    const both = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    try {
      for await (const { noun, event } of line.events(both)) {
        if (noun !== "feed" && Reflect.get(Object(event["job"]), "id") !== id) continue;
        // also after a gap, when what was missed may be the end
        const job = await line.find(id);
        yield job;
        if (job.state !== "running") return;
      }
      signal?.throwIfAborted();
    } finally {
      over.abort();
    }
  }
  return {
    id,
    follow,
    cancel: () => line.cancel(id),
    result: async (options) => {
      for await (const { state, result, error } of follow(options)) {
        if (state === "done") return result;
        if (error !== undefined) throw new HttpProblem(error);
      }
      throw new Error(`Job ${id} was lost from sight`); // the events ended without its end
    },
  };
}
