/**
 * Secrets on disk.
 *
 *     etc/secrets/UUID.xml      what a secret is
 *     lib/secrets/UUID.sealed   its value, encrypted; UUID.sealed.gone while the secret is being removed
 *     lib/secrets/key           by this key, which only the daemon's user can read
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { formatSecret, parseSecret, type Secret } from "@vireo/model/secret/secret";
import {
  listDirectory,
  readTextIfThere,
  removeIfThere,
  removeKept,
  renameIfThere,
  writeFileAtomically,
} from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import {
  definitionFile,
  prepareDirectories,
  readDefinitions,
  type Report,
} from "../../state/definition-store.ts";
import { KEY_BYTES, seal, unseal } from "./sealed.ts";

const GONE = ".gone";

export interface StoredSecret {
  readonly secret: Secret;
  readonly value: Buffer | undefined;
}

export class SecretStore {
  readonly #definitions: string;
  readonly #values: string;
  /** Absent while the stored one is damaged. */
  #key: Buffer | undefined;

  constructor({ etc, lib }: Pick<Paths, "etc" | "lib">) {
    this.#definitions = join(etc, "secrets");
    this.#values = join(lib, "secrets");
  }

  #valuePath(uuid: string): string {
    return join(this.#values, `${uuid}.sealed`);
  }

  get #keyPath(): string {
    return join(this.#values, "key");
  }

  /** Makes the directories and the key where there are none; a damaged key is left where it is. @throws VireoError */
  async open(): Promise<void> {
    await prepareDirectories([this.#definitions, this.#values]);
    const stored = await readTextIfThere(this.#keyPath);
    const key = stored === undefined ? randomBytes(KEY_BYTES) : Buffer.from(stored.trim(), "hex");
    if (key.length === KEY_BYTES) this.#key = key;
    if (stored === undefined) await writeFileAtomically(this.#keyPath, `${key.toString("hex")}\n`);
  }

  /**
   * A new key is never made by itself: with the old one put back, all values can be read again.
   * @throws VireoError `internalError` that tells the way out
   */
  #needKey(): Buffer {
    if (this.#key !== undefined) return this.#key;
    throw virError(
      "internalError",
      `key of secrets in '${this.#keyPath}' is damaged: put the right one back, or remove it, which gives up all values, and start again`,
    );
  }

  /** @throws VireoError `systemError` */
  async saveDefinition(secret: Secret): Promise<void> {
    const path = definitionFile(this.#definitions, secret.uuid);
    await writeFileAtomically(path, formatSecret(secret), { keepPrevious: true });
  }

  async saveValue(uuid: string, value: Buffer): Promise<void> {
    await writeFileAtomically(this.#valuePath(uuid), `${seal(this.#needKey(), uuid, value)}\n`);
  }

  /** A crash in between leaves the secret with its value, or a value that the next start removes. */
  async remove(uuid: string): Promise<void> {
    const value = this.#valuePath(uuid);
    const hasValue = await renameIfThere(value, `${value}${GONE}`);
    await removeKept(definitionFile(this.#definitions, uuid));
    if (hasValue) await removeIfThere(`${value}${GONE}`);
  }

  /** Gives back, or lets go, the values of secrets in whose removal a daemon died. */
  async #finishRemovals(): Promise<void> {
    for (const file of await listDirectory(this.#values)) {
      const [, uuid] = /^([0-9a-f-]{36})\.sealed\.gone$/.exec(file) ?? [];
      if (uuid === undefined) continue;
      const [value, gone] = [this.#valuePath(uuid), join(this.#values, file)];
      const definition = await readTextIfThere(definitionFile(this.#definitions, uuid));
      if (definition === undefined) await removeIfThere(gone);
      else await renameIfThere(gone, value);
    }
  }

  /** Everything stored; what cannot be read is reported and left where it is. */
  async load(report: Report): Promise<readonly StoredSecret[]> {
    await this.#finishRemovals();
    const parse = (text: string, uuid: string): Secret => parseSecret(text, () => uuid);
    const secrets = await readDefinitions(this.#definitions, parse, report);
    return Promise.all(
      Array.from(secrets, async ([uuid, secret]) => ({
        secret,
        value: await this.#value(uuid, report),
      })),
    );
  }

  async #value(uuid: string, report: Report): Promise<Buffer | undefined> {
    const path = this.#valuePath(uuid);
    try {
      const text = await readTextIfThere(path);
      return text === undefined ? undefined : unseal(this.#needKey(), uuid, text);
    } catch (error) {
      report(path, error);
      return undefined;
    }
  }
}
