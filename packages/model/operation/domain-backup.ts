/** What one may do to back up the disks of a running domain. */
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, nothing, optional, text, truth } from "./value.ts";

export const domainBackupOperations = {
  beginBackup: operation("domain.beginBackup", {
    lane: "long",
    job: "backup",
    access: ["domain:checkpoint", "domain:blockWrite"],
    doc: "Write a backup of disks (push), or offer one over NBD until the job is aborted (pull).",
    input: {
      domain: domainRef,
      xml: doc(text, "The wish, as `<domainbackup>`."),
      checkpointXml: doc(optional(text), "A checkpoint of the same moment, for the next backup."),
      reuse: doc(optional(truth), "The files are there already."),
    },
    output: nothing,
  }),
  backupXml: operation("domain.backupXml", {
    lane: "read",
    access: ["domain:read"],
    doc: "The backup that is under way.",
    input: { domain: domainRef },
    output: text,
  }),
} as const;
