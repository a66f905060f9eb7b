/**
 * What is known of snapshots, on disk.
 *
 *     lib/qemu/snapshot/DOMAIN/NAME.xml
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, hostError } from "../host/errno.ts";
import { listDirectory, readText, removeIfThere, writeFileAtomically } from "../host/file.ts";
import type { Paths } from "../host/paths.ts";

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
    await writeFileAtomically(join(directory, file), xml);
  }

  /** @throws VireoError `systemError` */
  save(domain: string, name: string, xml: string): Promise<void> {
    return this.#write(domain, `${name}${SUFFIX}`, xml);
  }

  remove(domain: string, name: string): Promise<void> {
    return removeIfThere(join(this.#directory(domain), `${name}${SUFFIX}`));
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

  /** The texts of one domain's snapshots, by file. */
  async load(domain: string): Promise<readonly { readonly path: string; readonly xml: string }[]> {
    const directory = this.#directory(domain);
    const files = (await listDirectory(directory)).filter(
      (name) => name.endsWith(SUFFIX) && !name.startsWith("."),
    );
    return Promise.all(
      files.map(async (name) => {
        const path = join(directory, name);
        return { path, xml: await readText(path) };
      }),
    );
  }
}
