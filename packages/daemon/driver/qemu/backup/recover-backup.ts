/** A backup during which the daemon died is undone: who fetched it has lost its server's keeper. */
import type { Recovery } from "../interrupted.ts";
import { clearBackup, type BackupRemains } from "./backup-run.ts";

const isRemains = (note: object): note is BackupRemains =>
  "disks" in note && Array.isArray(note.disks) && "pull" in note && "files" in note;

export const recoverBackup: Recovery = async ({ env, actor, note }) => {
  if (!isRemains(note)) return "backup: nothing is known of it";
  await actor.change("backupEnd", () => clearBackup({ env }, actor, note));
  return "backup undone";
};
