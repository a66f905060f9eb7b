/**
 * Images whose deletion was forced. The list of them is written before a file goes into quarantine
 * and after it has left, so that a daemon that dies in between neither loses one nor keeps one for ever.
 */
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError, virError } from "@vireo/model/error";
import { readTextIfThere, writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import { quarantinePath } from "./hidden-name.ts";
import { askHand } from "./storage-hand.ts";

export interface Quarantined {
  /** Where the image was. */
  readonly path: string;
  readonly kept: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** How often the end of terms is looked for. */
const SWEEP_MS = 3_600_000;

const isGone = (error: unknown): boolean => explainError(error).includes("No such file");

export class Quarantine {
  readonly #file: string;
  readonly #log: Logger;
  #all: readonly Quarantined[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(paths: Paths, log: Logger) {
    this.#file = join(paths.lib, "quarantine.json");
    this.#log = log;
  }

  get all(): readonly Quarantined[] {
    return this.#all;
  }

  /** Reads the list and removes what is over. */
  async open(): Promise<void> {
    const text = await readTextIfThere(this.#file);
    if (text !== undefined) this.#all = JSON.parse(text) as readonly Quarantined[]; // our own
    await this.#sweep();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async add(path: string, keepMs: number): Promise<Quarantined> {
    const until = Date.now() + keepMs;
    const one: Quarantined = { path, kept: quarantinePath(path, until), until };
    await this.#keep([...this.#all, one]);
    try {
      await askHand({ verb: "rename", path, target: one.kept }, `cannot put '${path}' away`);
    } catch (error) {
      await this.#keep(this.#all.filter((other) => other !== one));
      throw error;
    }
    this.#arm();
    return one;
  }

  /** Puts the image back that was put away last. @throws VireoError `invalidArg` */
  async restore(path: string): Promise<void> {
    const one = this.#all.findLast((other) => other.path === path);
    if (one === undefined) throw virError("invalidArg", `no image '${path}' in quarantine`);
    await askHand({ verb: "rename", path: one.kept, target: path }, `cannot restore '${path}'`);
    await this.#keep(this.#all.filter((other) => other !== one));
  }

  async #keep(all: readonly Quarantined[]): Promise<void> {
    await writeFileAtomically(this.#file, `${JSON.stringify(all)}\n`);
    this.#all = all;
  }

  async #sweep(): Promise<void> {
    const now = Date.now();
    for (const one of this.#all.filter(({ until }) => until <= now))
      try {
        await askHand({ verb: "remove", path: one.kept }, `cannot unlink file '${one.kept}'`).catch(
          (error: unknown) => {
            if (!isGone(error)) throw error;
          },
        );
        await this.#keep(this.#all.filter((other) => other !== one));
      } catch (error) {
        this.#log.warn({ path: one.kept }, `quarantine: ${explainError(error)}`);
      }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#all.map(({ until }) => until)) - Date.now();
    if (this.#all.length === 0) return;
    const wait = Math.min(Math.max(next, 1000), SWEEP_MS);
    this.#timer = setTimeout(() => void this.#sweep(), wait).unref();
  }
}
