/**
 * What is under way with the host's interfaces, on disk before its first step and until after its last: whoever
 * finds it at the daemon's start finishes it.
 *
 *     lib/interface/work.json      files that are being written, or what is being set up or taken down
 *     lib/interface/change.json    a change that can be taken back, see pending-change.ts
 */
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import { hostError } from "../../host/errno.ts";

/** Texts by path; null for what is to go. */
export type FileChanges = Readonly<Record<string, string | null>>;

export type Work =
  | { readonly kind: "files"; readonly changes: FileChanges; readonly mode: number }
  | { readonly kind: "start" | "stop"; readonly name: string; readonly boot: string };

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isChanges = (value: unknown): value is FileChanges =>
  isRecord(value) &&
  Object.values(value).every((text) => text === null || typeof text === "string");

/** @throws Error when it is no work */
export function workIn(value: unknown): Work {
  if (isRecord(value)) {
    const { kind, changes, mode, name, boot } = value;
    if (kind === "files" && isChanges(changes) && typeof mode === "number")
      return { kind, changes, mode };
    if (
      (kind === "start" || kind === "stop") &&
      typeof name === "string" &&
      typeof boot === "string"
    )
      return { kind, name, boot };
  }
  throw new Error("it is no note of ours");
}

/** One file of a note that is there or not. */
export class NoteFile<T> {
  readonly path: string;
  readonly #parse: (value: unknown) => T;

  constructor(path: string, parse: (value: unknown) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /** @throws VireoError `systemError` */
  async write(note: T): Promise<void> {
    const directory = dirname(this.path);
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw hostError(`Cannot make directory '${directory}'`, error);
    });
    await writeFileAtomically(this.path, `${JSON.stringify(note)}\n`);
  }

  remove(): Promise<void> {
    return removeIfThere(this.path);
  }

  /** Undefined without a note. A damaged one is put aside, and `damaged` told of where. */
  async read(damaged: (path: string, why: unknown) => void): Promise<T | undefined> {
    try {
      const text = await readTextIfThere(this.path);
      return text === undefined ? undefined : this.#parse(JSON.parse(text));
    } catch (why) {
      const aside = `${this.path}.damaged`;
      await rename(this.path, aside).catch(() => undefined); // it may have been the reading that failed
      damaged(aside, why);
      return undefined;
    }
  }
}

export const workFile = (lib: string): NoteFile<Work> =>
  new NoteFile(join(lib, "interface/work.json"), workIn);
