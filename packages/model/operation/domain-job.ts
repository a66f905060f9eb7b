/** What one may ask of a domain's long job. */
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import {
  count,
  dictionary,
  doc,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

/** libvirt's kinds of jobs, in the order of its numbers. */
export const JOB_OPERATIONS = [
  "unknown",
  "start",
  "save",
  "restore",
  "migrationIn",
  "migrationOut",
  "snapshot",
  "snapshotRevert",
  "dump",
  "backup",
  "snapshotDelete",
] as const;
export type JobOperation = (typeof JOB_OPERATIONS)[number];

/** libvirt's states of a job, in the order of its numbers. `bounded` knows how much is left. */
export const JOB_TYPES = [
  "none",
  "bounded",
  "unbounded",
  "completed",
  "failed",
  "cancelled",
] as const;

const jobFigures = doc(
  dictionary(count),
  "By libvirt's names, such as `data_processed`: bytes, bytes per second, and `time_...` in milliseconds.",
);
export type JobFigures = ValueType<typeof jobFigures>;

export const jobStats = record({
  type: doc(oneOf(...JOB_TYPES), "How it stands."),
  operation: doc(oneOf(...JOB_OPERATIONS), "What it is."),
  figures: jobFigures,
  error: doc(optional(text), "Why it failed."),
});
export type JobStats = ValueType<typeof jobStats>;

export const domainJobOperations = {
  jobStats: operation("domain.jobStats", {
    lane: "read",
    access: ["domain:read"],
    doc: "How far the domain's long job is, or how the last one went.",
    input: {
      domain: domainRef,
      completed: doc(optional(truth), "Of the last one that succeeded; it is then forgotten."),
      keepCompleted: doc(optional(truth), "Do not forget it."),
    },
    output: jobStats,
  }),
  abortJob: operation("domain.abortJob", {
    // past the turns: what it is to end may hold them
    lane: "read",
    access: ["domain:write"],
    doc: "End the domain's long job.",
    input: { domain: domainRef },
    output: nothing,
  }),
} as const;
