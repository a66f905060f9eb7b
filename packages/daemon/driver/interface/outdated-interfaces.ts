/** Interfaces that still run by a definition that is gone: one file each, until they are taken down or set up anew. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { hostError } from "../../host/errno.ts";
import { removeIfThere, writeFileAtomically } from "../../host/file.ts";

export class OutdatedInterfaces {
  readonly #directory: string;

  /** @param directory emptied by a boot, which sets everything up anew */
  constructor(directory: string) {
    this.#directory = directory;
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  /** The file that holds the definition; undefined when it runs by the present one. */
  find(name: string): string | undefined {
    return existsSync(this.#path(name)) ? this.#path(name) : undefined;
  }

  /** Keeps the oldest: that is what it runs by. @throws VireoError `systemError` */
  async add(name: string, definition: string): Promise<void> {
    if (this.find(name) !== undefined) return;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw hostError(`Cannot make directory '${this.#directory}'`, error);
    });
    await writeFileAtomically(this.#path(name), definition, { durable: false });
  }

  async remove(name: string): Promise<void> {
    await removeIfThere(this.#path(name));
  }
}
