/**
 * Objects with a persistent definition and a live one, on disk:
 *
 *     etc/FOLDER/NAME.xml             the definition; etc/FOLDER/.prev/NAME.xml the one before
 *     etc/FOLDER/autostart/NAME.xml   link to it: start with the daemon
 *     run/FOLDER/NAME.xml             the object as it was started, while it is active
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { listDirectory, removeIfThere, removeKept, writeFileAtomically } from "../host/file.ts";
import type { Paths } from "../host/paths.ts";
import { isMarked, mark, removeDangling } from "./autostart-link.ts";
import { readKept } from "./kept-file.ts";

/** What cannot be read is told to it. */
export type Report = (path: string, error: unknown) => void;

export interface StoredObject<T> {
  readonly config?: T;
  readonly live?: T;
  readonly autostart: boolean;
}

/** How objects of a kind are written. */
export interface DefinitionForm<T> {
  /** Their place below `etc` and `run`. */
  readonly folder: string;
  readonly format: (value: T) => string;
  readonly parse: (text: string) => T;
}

const SUFFIX = ".xml";
const PRIVATE = 0o700;

/** The file of a definition. */
export const definitionFile = (directory: string, name: string): string =>
  join(directory, `${name}${SUFFIX}`);

/** Makes directories for definitions where there are none. */
export async function prepareDirectories(paths: readonly string[]): Promise<void> {
  for (const path of paths) await mkdir(path, { recursive: true, mode: PRIVATE });
}

/** All definitions of a directory by the names of their files; what cannot be read is left where it is. */
export async function readDefinitions<T>(
  directory: string,
  parse: (text: string, name: string) => T,
  report: Report,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (const file of await listDirectory(directory)) {
    if (!file.endsWith(SUFFIX)) continue;
    const path = join(directory, file);
    const name = file.slice(0, -SUFFIX.length);
    const kept = await readKept(path, (text) => parse(text, name));
    if (kept === undefined) continue;
    if (kept.from !== "present") report(path, kept.fault);
    if (kept.from !== "nowhere") found.set(name, kept.value);
  }
  return found;
}

/** All methods throw VireoError `systemError`. */
export class DefinitionStore<T extends { readonly name: string }> {
  readonly #form: DefinitionForm<T>;
  readonly #definitions: string;
  readonly #autostart: string;
  readonly #status: string;

  constructor({ etc, run }: Pick<Paths, "etc" | "run">, form: DefinitionForm<T>) {
    this.#form = form;
    this.#definitions = join(etc, form.folder);
    this.#autostart = join(this.#definitions, "autostart");
    this.#status = join(run, form.folder);
  }

  async saveDefinition(value: T): Promise<void> {
    const path = definitionFile(this.#definitions, value.name);
    await writeFileAtomically(path, this.#form.format(value), { keepPrevious: true });
  }

  async removeDefinition(name: string): Promise<void> {
    await removeKept(definitionFile(this.#definitions, name));
    await removeIfThere(definitionFile(this.#autostart, name));
  }

  async saveStatus(value: T): Promise<void> {
    const path = definitionFile(this.#status, value.name);
    await writeFileAtomically(path, this.#form.format(value), { durable: false });
  }

  async removeStatus(name: string): Promise<void> {
    await removeIfThere(definitionFile(this.#status, name));
  }

  async setAutostart(name: string, wanted: boolean): Promise<void> {
    const path = definitionFile(this.#autostart, name);
    await (wanted ? mark(path, definitionFile(this.#definitions, name)) : removeIfThere(path));
  }

  /** Everything stored; what cannot be read is reported and left where it is. */
  async load(report: Report): Promise<readonly StoredObject<T>[]> {
    await prepareDirectories([this.#definitions, this.#autostart, this.#status]);
    await removeDangling(this.#autostart);
    const configs = await this.#read(this.#definitions, report);
    const lives = await this.#read(this.#status, report);
    const names = new Set([...configs.keys(), ...lives.keys()]);
    return Promise.all(
      Array.from(names, async (name) => {
        const config = configs.get(name);
        const live = lives.get(name);
        return {
          ...(config === undefined ? {} : { config }),
          ...(live === undefined ? {} : { live }),
          autostart: await isMarked(definitionFile(this.#autostart, name)),
        };
      }),
    );
  }

  /** By the names in them: those of the files mean nothing. */
  async #read(directory: string, report: Report): Promise<ReadonlyMap<string, T>> {
    const found = await readDefinitions(directory, this.#form.parse, report);
    return new Map(Array.from(found.values(), (value) => [value.name, value]));
  }
}
