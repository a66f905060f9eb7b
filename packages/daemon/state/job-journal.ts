/**
 * What was under way when a daemon died: one file for each long operation of a domain, there from
 * before its first step until after its last. Whoever finds one at start has to finish the
 * operation or to undo it.
 *
 *     lib/qemu/journal/UUID.OPERATION.json
 */
import { join } from "node:path";
import {
  listDirectory,
  readTextIfThere,
  removeIfThere,
  writeFileAtomically,
} from "../host/file.ts";

export interface JournalEntry {
  /** The domain's. */
  readonly uuid: string;
  readonly operation: string;
  /** What the operation needs to know to be finished or undone. */
  readonly note: Readonly<Record<string, unknown>>;
}

const SUFFIX = ".json";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export class JobJournal {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  #path({ uuid, operation }: Pick<JournalEntry, "uuid" | "operation">): string {
    return join(this.#directory, `${uuid}.${operation}${SUFFIX}`);
  }

  /** On disk when it resolves; replaces an earlier note of the operation. @throws VireoError `systemError` */
  async write(entry: JournalEntry): Promise<void> {
    await writeFileAtomically(this.#path(entry), `${JSON.stringify(entry.note)}\n`);
  }

  async remove(entry: Pick<JournalEntry, "uuid" | "operation">): Promise<void> {
    await removeIfThere(this.#path(entry));
  }

  /**
   * Runs an operation under an entry. It ends with the work, which undoes itself when it fails.
   * @throws what `work` throws; VireoError `systemError` before it began
   */
  async during<T>(entry: JournalEntry, work: () => Promise<T>): Promise<T> {
    await this.write(entry);
    try {
      return await work();
    } finally {
      await this.remove(entry);
    }
  }

  /** What earlier daemons left. Files that are not ours are passed over. */
  async load(): Promise<readonly JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (const file of await listDirectory(this.#directory)) {
      const [, uuid, operation] = /^([0-9a-f-]{36})\.([\w-]+)\.json$/.exec(file) ?? [];
      const text = await readTextIfThere(join(this.#directory, file));
      if (uuid === undefined || operation === undefined || text === undefined) continue;
      const note: unknown = parsed(text);
      entries.push({ uuid, operation, note: isRecord(note) ? note : {} });
    }
    return entries;
  }
}

/** A damaged note tells at least that something was under way. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
