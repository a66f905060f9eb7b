/** Finishes or undoes, at start, the long operations during which an earlier daemon died, and says so. */
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { explainError } from "@vireo/model/error";
import type { JournalEntry } from "../../state/job-journal.ts";
import { ATTACH, recoverAttach } from "./attach-recovery.ts";
import type { Definitions } from "./definition.ts";
import { recoverDump } from "./core-dump.ts";
import { noteInLog } from "./guest-log.ts";
import { MAKING } from "./make/making.ts";
import { recoverMaking } from "./make/recover-making.ts";
import type { Recovery } from "./interrupted.ts";
import { DELETE } from "./snapshot/delete-snapshot.ts";
import { recoverDelete } from "./snapshot/recover-delete.ts";
import { recoverRevert } from "./snapshot/recover-revert.ts";
import { recoverSnapshot } from "./snapshot/recover-snapshot.ts";
import { REVERT } from "./snapshot/revert-snapshot.ts";
import { recoverBackup } from "./backup/recover-backup.ts";
import { recoverChange } from "./change-recovery.ts";
import { recoverDetach } from "./detach-device.ts";
import { recoverRestore } from "./restore-recovery.ts";
import { RESTORE } from "./resume-saved.ts";
import { CHANGE } from "./tune/change-domain.ts";
import { DETACH } from "./detach-device.ts";
import { recoverSave } from "./save-recovery.ts";

/** By the operation in the journal. */
const RECOVERIES: Readonly<Record<string, Recovery>> = {
  [ATTACH]: recoverAttach,
  [DETACH]: recoverDetach,
  [CHANGE]: recoverChange,
  save: recoverSave,
  [RESTORE]: recoverRestore,
  backup: recoverBackup,
  dump: recoverDump,
  snapshot: recoverSnapshot,
  [REVERT]: recoverRevert,
  [DELETE]: recoverDelete,
};

/** What was made for a domain that did not come to be is no domain's. */
async function recoverMade(definitions: Definitions, entry: JournalEntry): Promise<void> {
  const { log, journal } = definitions.env;
  try {
    const removed = await recoverMaking(definitions, entry.note);
    log.warn({ removed }, "Interrupted making of a domain: volumes that nobody has are removed");
    await journal.remove(entry);
  } catch (error) {
    log.error({ operation: entry.operation }, explainError(error));
  }
}

async function recover({ env, list }: Definitions, entry: JournalEntry): Promise<void> {
  if (entry.operation === MAKING) return recoverMade({ env, list }, entry);
  const actor = list.lookUp({ uuid: entry.uuid });
  // what may go on twice at once has the device in its name
  const recovery = RECOVERIES[entry.operation.replace(/-.*/, "")];
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

/** So long the daemon's start waits for them; a merge that takes longer goes on as the domain's turn. */
const PATIENCE_MS = 10_000;

/** Each by itself: one that fails, or takes its time, keeps no other from being served. */
export async function recoverJobs(definitions: Definitions): Promise<void> {
  const entries = await definitions.env.journal.load();
  const all = Promise.all(entries.map((entry) => recover(definitions, entry)));
  const patience = new AbortController();
  await Promise.race([
    all.then(() => patience.abort()),
    later(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined), // all are done
  ]);
}
