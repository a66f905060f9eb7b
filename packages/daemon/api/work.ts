/** An operation that takes its time: how far it is, how it is ended before its time, how it ended. */
import { virError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";
import type { JobStats } from "@vireo/model/operation/domain-job";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import type { Operation } from "@vireo/model/operation/operation";
import type { Progress } from "../driver/contract.ts";
import type { Connection } from "./connection.ts";

export interface Work {
  /** What the operation answers, at the end of everything that it began; `operationAborted` when it was cancelled. */
  readonly outcome: Promise<unknown>;
  /** Asks how far it is; undefined when that cannot be known now. */
  readonly progress: () => Promise<Progress | undefined>;
  /** Asks it to end. @throws VireoError when it cannot be, or not yet */
  readonly cancel: () => Promise<void>;
}

interface Asked {
  readonly connection: Connection;
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Begins it. `input` has passed the operation's own check. */
export function beginWork(asked: Asked): Work {
  const { job } = asked.operation;
  if (job === undefined) return plainWork(asked);
  switch (job) {
    case "domain":
      return domainJob(asked);
    case "backup":
      return outliving(asked, { ...domainJob(asked, { begin: false }), endOf: backupEnd });
    case "disk":
      return outliving(asked, blockJob(asked));
    case "own":
      return ownWork(asked);
  }
}

const plainWork = (asked: Asked): Work => ({
  outcome: asked.connection.callNamed(asked.operation, asked.input),
  progress: () => Promise.resolve(undefined),
  cancel: () => Promise.reject(uncancellable(asked)),
});

const uncancellable = ({ operation }: Asked) =>
  virError("operationUnsupported", `${operation.name} cannot be cancelled`);
const cancelled = ({ operation }: Asked) =>
  virError("operationAborted", `${operation.name}: canceled by client`);

function ownWork(asked: Asked): Work {
  const { connection, operation, input } = asked;
  const end = new AbortController();
  let at: Progress | undefined;
  const followed = {
    signal: end.signal,
    progress: (progress: Progress): void => {
      at = progress;
    },
  };
  return {
    outcome: connection.callNamed(operation, input, followed).catch((error: unknown) => {
      throw end.signal.aborted ? cancelled(asked) : error;
    }),
    progress: () => Promise.resolve(at),
    cancel: () => Promise.resolve(end.abort()),
  };
}

/** The operations of these kinds name their domain so. */
const domainOf = ({ input }: Asked): DomainRef => input["domain"] as DomainRef; // checked as it

const progressIn = ({ figures }: JobStats): Progress => {
  const [done, total] = ["processed", "total"].map(
    (which) => figures[`data_${which}`] ?? figures[`disk_${which}`] ?? 0,
  );
  return { done: done ?? 0, total: total ?? 0 };
};

function domainJob(asked: Asked, { begin = true } = {}): Work {
  const { connection, operation } = asked;
  const input = { domain: domainOf(asked) };
  return {
    outcome: begin ? connection.callNamed(operation, asked.input) : Promise.resolve(),
    progress: async () => {
      const stats = await connection.call("domain", "jobStats", { input });
      return stats.type === "none" ? undefined : progressIn(stats);
    },
    cancel: () => connection.call("domain", "abortJob", { input }),
  };
}

/** How what was begun ended, by an event; undefined when it tells of something else. */
type EndOf = (event: DomainEvent) => "completed" | "cancelled" | "failed" | undefined;

const backupEnd: EndOf = (event) => {
  if (event.kind !== "jobCompleted" || event.stats.operation !== "backup") return undefined;
  const { type } = event.stats;
  return type === "cancelled" || type === "failed" ? type : "completed";
};

function blockJob(asked: Asked): Pick<Work, "progress" | "cancel"> & { endOf: EndOf } {
  const { connection, input } = asked;
  const about = { domain: domainOf(asked), disk: String(input["disk"]) };
  // an image's path is not the disk's any more when the job has ended
  const isPath = about.disk.includes("/");
  return {
    progress: async () => {
      const info = await connection.call("domain", "blockJobInfo", { input: about });
      return info && { done: info.current, total: info.end };
    },
    cancel: () => connection.call("domain", "blockJobAbort", { input: { ...about, async: true } }),
    endOf: (event) => {
      if (event.kind !== "blockJob" || event.status === "ready") return undefined;
      if (!isPath && event.target !== about.disk) return undefined;
      return event.status === "canceled" ? "cancelled" : event.status;
    },
  };
}

const isAbout = (ref: DomainRef, { domain }: DomainEvent): boolean => {
  if ("uuid" in ref) return domain.uuid === ref.uuid;
  return "name" in ref ? domain.name === ref.name : domain.id === ref.id;
};

/** Looks that find nothing before what was begun counts as gone: the domain has crashed, perhaps. */
const LOOKS = 4;

/** What goes on after the answer, until an event tells its end. */
function outliving(
  asked: Asked,
  { endOf, progress, cancel }: Pick<Work, "progress" | "cancel"> & { readonly endOf: EndOf },
): Work {
  const { connection, operation, input } = asked;
  const ref = domainOf(asked);
  const end = Promise.withResolvers<undefined>();
  end.promise.catch(() => undefined); // looked at when the call has answered
  const failed = () => virError("operationFailed", `${operation.name}: it ended too early`);
  const stop = connection.events("domain")?.subscribe((event) => {
    const how = isAbout(ref, event) ? endOf(event) : undefined;
    if (how === "completed") end.resolve(undefined);
    else if (how !== undefined) end.reject(how === "cancelled" ? cancelled(asked) : failed());
  });
  let misses: number | undefined;
  const outcome = async (): Promise<unknown> => {
    try {
      const answer = await connection.callNamed(operation, input);
      misses = 0;
      if (stop !== undefined) await end.promise;
      return answer;
    } finally {
      stop?.();
    }
  };
  return {
    outcome: outcome(),
    progress: async () => {
      const at = await progress().catch(() => undefined);
      if (misses !== undefined) misses = at === undefined ? misses + 1 : 0;
      if (misses === LOOKS) end.reject(failed());
      return at;
    },
    cancel,
  };
}
