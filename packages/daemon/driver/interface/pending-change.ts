/**
 * A change of the host's interfaces that was begun and neither kept nor taken back.
 *
 *     begin ──▶ open ──▶ commit: forgotten
 *                │
 *                ├─ rollback, its time is over, or the host started again
 *                ▼
 *            goingBack: files as before, what ran before is set up ──▶ forgotten
 */
import { join } from "node:path";
import { isRecord, NoteFile } from "./interface-journal.ts";

export interface PendingChange {
  /** Whose files these are. */
  readonly keeper: string;
  /** In which boot of the host it was begun. */
  readonly boot: string;
  /** All files of the keeper as they were. */
  readonly files: Readonly<Record<string, string>>;
  /** Interfaces that were up. */
  readonly running: readonly string[];
  /** Interfaces that were set up or taken down since. */
  readonly touched: readonly string[];
  /** When it is taken back by itself, in milliseconds since the host started. */
  readonly dueMs?: number;
  /** Set once it is being taken back: what is still to be done then does not depend on what is there. */
  readonly goingBack?: GoingBack;
}

export interface GoingBack {
  readonly stop: readonly string[];
  readonly forget: readonly string[];
  readonly start: readonly string[];
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && isNames(Object.values(value));

function goingBackIn(value: unknown): Pick<PendingChange, "goingBack"> {
  if (value === undefined) return {};
  if (isRecord(value)) {
    const { stop, forget, start } = value;
    if (isNames(stop) && isNames(forget) && isNames(start))
      return { goingBack: { stop, forget, start } };
  }
  throw new Error("it does not say what is to be taken back");
}

/** @throws Error when it is no change of ours */
export function pendingChangeIn(value: unknown): PendingChange {
  if (isRecord(value)) {
    const { keeper, boot, files, running, touched, dueMs, goingBack } = value;
    const isDue = dueMs === undefined || typeof dueMs === "number";
    if (typeof keeper === "string" && typeof boot === "string" && isTexts(files) && isDue)
      if (isNames(running) && isNames(touched))
        return {
          keeper,
          boot,
          files,
          running,
          touched,
          ...(dueMs === undefined ? {} : { dueMs }),
          ...goingBackIn(goingBack),
        };
  }
  throw new Error("it is no change of interfaces");
}

export const changeFile = (lib: string): NoteFile<PendingChange> =>
  new NoteFile(join(lib, "interface/change.json"), pendingChangeIn);
