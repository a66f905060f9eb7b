/** Writes several files of definitions as one change: a daemon that dies in between finishes it at its next start. */
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import { removeIfThere, removeLeftovers, writeFileAtomically } from "../../host/file.ts";
import { type FileChanges, type NoteFile, type Work, workFile } from "./interface-journal.ts";
import type { Files, InterfaceKeeper } from "./keeper.ts";

/** What is to be written so that `next` is there. */
function changesTo(keeper: InterfaceKeeper, now: Files, next: Files): FileChanges {
  const written = [...next].filter(([path, text]) => now.get(path) !== text);
  const gone = [...now.keys()].filter((path) => !next.has(path));
  const all: readonly (readonly [string, string | null])[] = [
    ...written,
    ...gone.map((path) => [path, null] as const),
  ];
  return Object.fromEntries(all.filter(([path]) => keeper.owns(path)));
}

export class InterfaceFiles {
  readonly work: NoteFile<Work>;
  readonly #log: Logger;

  constructor(lib: string, log: Logger) {
    this.work = workFile(lib);
    this.#log = log;
  }

  /** @throws VireoError `systemError` */
  async change(keeper: InterfaceKeeper, now: Files, next: Files): Promise<void> {
    const changes = changesTo(keeper, now, next);
    if (Object.keys(changes).length === 0) return;
    await this.work.write({ kind: "files", changes, mode: keeper.mode });
    await this.#write(changes, keeper.mode);
    await this.work.remove();
  }

  async #write(changes: FileChanges, mode: number): Promise<void> {
    for (const [path, text] of Object.entries(changes))
      if (text === null) await removeIfThere(path);
      else await writeFileAtomically(path, text, { mode });
  }

  /** Finishes what was being written. @returns what else was under way */
  async recover(
    keepers: readonly InterfaceKeeper[],
  ): Promise<Exclude<Work, { kind: "files" }> | undefined> {
    const work = await this.readWork();
    if (work?.kind !== "files") return work;
    for (const directory of new Set(keepers.flatMap(({ directories }) => directories)))
      await removeLeftovers(directory, { below: false });
    await this.#write(work.changes, work.mode);
    await this.work.remove();
    this.#log.warn({ files: Object.keys(work.changes) }, "finished a change of host interfaces");
    return undefined;
  }

  readWork(): Promise<Work | undefined> {
    return this.work.read((path, why) =>
      this.#log.error(
        { path, why: explainError(why) },
        "a damaged note about host interfaces is put aside",
      ),
    );
  }
}
