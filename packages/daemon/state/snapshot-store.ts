/**
 * What is known of snapshots, on disk.
 *
 *     lib/qemu/snapshot/DOMAIN/NAME.xml         .prev/NAME.xml beside it: the version before
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, hostError } from "../host/errno.ts";
import { removeKept, writeFileAtomically } from "../host/file.ts";
import type { Paths } from "../host/paths.ts";
import { readDefinitions, type Report } from "./definition-store.ts";

const SUFFIX = ".xml";

export class SnapshotStore {
  readonly #top: string;

  constructor({ snapshots }: Pick<Paths, "snapshots">) {
    this.#top = snapshots;
  }

  #directory(domain: string): string {
    return join(this.#top, domain);
  }

  async #write(domain: string, file: string, xml: string): Promise<void> {
    const directory = this.#directory(domain);
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw hostError(`cannot create snapshot directory '${directory}'`, error);
    });
    await writeFileAtomically(join(directory, file), xml, { keepPrevious: true });
  }

  /** @throws VireoError `systemError` */
  save(domain: string, name: string, xml: string): Promise<void> {
    return this.#write(domain, `${name}${SUFFIX}`, xml);
  }

  remove(domain: string, name: string): Promise<void> {
    return removeKept(join(this.#directory(domain), `${name}${SUFFIX}`));
  }

  async forget(domain: string): Promise<void> {
    await rm(this.#directory(domain), { recursive: true, force: true });
  }

  async rename(from: string, to: string): Promise<void> {
    try {
      await rename(this.#directory(from), this.#directory(to));
    } catch (error) {
      if (!hasCode(error, "ENOENT"))
        throw hostError(`cannot rename the snapshots of '${from}'`, error);
    }
  }

  /** What `parse` makes of one domain's files, or of the versions before them; one that it refuses is reported and kept. */
  async load<T>(domain: string, parse: (text: string) => T, report: Report): Promise<readonly T[]> {
    return [...(await readDefinitions(this.#directory(domain), parse, report)).values()];
  }
}
