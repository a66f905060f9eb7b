/** Finishes or undoes, at start, the long operations during which an earlier daemon died, and says so. */
import { join } from "node:path";
import { explainError } from "@vireo/model/error";
import type { JournalEntry } from "../../state/job-journal.ts";
import { ATTACH, recoverAttach } from "./attach-recovery.ts";
import type { Definitions } from "./definition.ts";
import { recoverDump } from "./core-dump.ts";
import { noteInLog } from "./guest-log.ts";
import type { Recovery } from "./interrupted.ts";
import { recoverSnapshot } from "./snapshot/recover-snapshot.ts";
import { recoverBackup } from "./backup/recover-backup.ts";
import { recoverSave } from "./save-recovery.ts";

/** By the operation in the journal. */
const RECOVERIES: Readonly<Record<string, Recovery>> = {
  [ATTACH]: recoverAttach,
  save: recoverSave,
  backup: recoverBackup,
  dump: recoverDump,
  snapshot: recoverSnapshot,
};

async function recover({ env, list }: Definitions, entry: JournalEntry): Promise<void> {
  const actor = list.lookUp({ uuid: entry.uuid });
  const recovery = RECOVERIES[entry.operation];
  if (actor === undefined || recovery === undefined) return env.journal.remove(entry);
  const { name } = actor.view;
  try {
    const done = await recovery({ env, list, actor, note: entry.note });
    env.log.warn({ domain: name, operation: entry.operation }, `Interrupted ${done}`);
    await noteInLog(join(env.paths.qemuLog, `${name}.log`), `interrupted ${done}`);
    await env.journal.remove(entry);
  } catch (error) {
    // stays in the journal: the next start tries again
    env.log.error({ domain: name, operation: entry.operation }, explainError(error));
  }
}

/** Each by itself: one that fails keeps no other from being served. */
export async function recoverJobs(definitions: Definitions): Promise<void> {
  const entries = await definitions.env.journal.load();
  await Promise.all(entries.map((entry) => recover(definitions, entry)));
}
