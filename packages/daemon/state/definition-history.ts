/**
 * What definitions were before: `.history/NAME/TIME.xml` beside them, where TIME is when that revision was
 * saved, in milliseconds since 1970. They are second names of the files themselves, so keeping one copies
 * nothing and needs no room of its own until the definition is replaced. `TIME.by.json` tells on whose behalf.
 */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode, hostError } from "../host/errno.ts";
import {
  linkInto,
  listDirectory,
  readTextIfThere,
  removeIfThere,
  writeFileAtomically,
} from "../host/file.ts";
import { behalf, type Behalf } from "./on-behalf.ts";

/** Revisions of one definition; the oldest go. */
const KEPT = 50;
const FOLDER = ".history";
const FILE = /^(\d+)\.xml$/;

export interface Revision {
  /** When it was saved, in milliseconds since 1970. */
  readonly at: number;
  readonly current: boolean;
  /** Who saved it and by which operation, where that is known. */
  readonly by?: string | undefined;
  readonly operation?: string | undefined;
}

/** @throws Error when it is not what `sign` wrote */
function readSignature(text: string): Partial<Behalf> {
  const { by, operation } = JSON.parse(text) as Record<string, unknown>;
  return {
    ...(typeof by === "string" ? { by } : {}),
    ...(typeof operation === "string" ? { operation } : {}),
  };
}

/** All methods throw VireoError `systemError`. */
export class DefinitionHistory {
  readonly #definitions: string;

  constructor(definitions: string) {
    this.#definitions = definitions;
  }

  #folder(name: string): string {
    return join(this.#definitions, FOLDER, name);
  }

  #present(name: string): string {
    return join(this.#definitions, `${name}.xml`);
  }

  /** Before the definition becomes `next`; what does not change makes no revision. */
  async keep(name: string, next: string): Promise<void> {
    const path = this.#present(name);
    if ((await readTextIfThere(path)) === next) return;
    const at = await this.#savedAt(name);
    if (at === undefined) return;
    try {
      await linkInto(path, this.#path(name, at));
    } catch (error) {
      // a crash after this and before the definition was replaced
      if (!hasCode(error, "EEXIST")) throw hostError(`Cannot keep revision of '${path}'`, error);
    }
    const old = (await this.#kept(name)).slice(KEPT);
    for (const one of old) {
      await removeIfThere(this.#path(name, one));
      await removeIfThere(this.#signature(name, one));
    }
  }

  /** When the definition has been saved: notes on whose behalf. That it cannot be noted undoes nothing. */
  async sign(name: string): Promise<void> {
    const who = behalf();
    const at = await this.#savedAt(name);
    if (at === undefined) return;
    const path = this.#signature(name, at);
    try {
      if (who === undefined) return await removeIfThere(path); // of a revision of the same moment
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, JSON.stringify(who), { durable: false });
    } catch {
      // it is a note
    }
  }

  async #signed(name: string, at: number, current: boolean): Promise<Revision> {
    try {
      const text = await readTextIfThere(this.#signature(name, at));
      return { at, current, ...(text === undefined ? {} : readSignature(text)) };
    } catch {
      return { at, current }; // damaged: the revision itself is not
    }
  }

  /** Newest first. */
  async all(name: string): Promise<readonly Revision[]> {
    const present = await this.#savedAt(name);
    const kept = (await this.#kept(name)).filter((at) => at !== present);
    const earlier = kept.map((at) => this.#signed(name, at, false));
    return Promise.all(
      present === undefined ? earlier : [this.#signed(name, present, true), ...earlier],
    );
  }

  /** Undefined when there is no such revision. */
  async read(name: string, at: number): Promise<string | undefined> {
    const isPresent = (await this.#savedAt(name)) === at;
    return readTextIfThere(isPresent ? this.#present(name) : this.#path(name, at));
  }

  /** Beside what the new name has already: who gave it. */
  async rename(from: string, to: string): Promise<void> {
    const [old, next] = [this.#folder(from), this.#folder(to)];
    try {
      const files = await listDirectory(old);
      if (files.length > 0) await mkdir(next, { recursive: true, mode: 0o700 });
      const there = new Set(await listDirectory(next));
      for (const file of files)
        if (!there.has(file)) await rename(join(old, file), join(next, file));
    } catch (error) {
      throw hostError(`Cannot rename history of '${from}'`, error);
    }
    await this.forget(from);
  }

  async forget(name: string): Promise<void> {
    await rm(this.#folder(name), { recursive: true, force: true }).catch((error: unknown) => {
      throw hostError(`Cannot remove history of '${name}'`, error);
    });
  }

  #path(name: string, at: number): string {
    return join(this.#folder(name), `${at}.xml`);
  }

  #signature(name: string, at: number): string {
    return join(this.#folder(name), `${at}.by.json`);
  }

  async #savedAt(name: string): Promise<number | undefined> {
    try {
      return Math.floor((await stat(this.#present(name))).mtimeMs);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw hostError(`Cannot look at '${this.#present(name)}'`, error);
    }
  }

  async #kept(name: string): Promise<readonly number[]> {
    const files = await listDirectory(this.#folder(name));
    return files
      .flatMap((file) => FILE.exec(file)?.[1] ?? [])
      .map(Number)
      .toSorted((a, b) => b - a);
  }
}
