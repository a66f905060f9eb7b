/**
 * Networks on disk.
 *
 *     etc/network/NAME.xml             the definition; etc/network/.prev/NAME.xml the one before
 *     etc/network/autostart/NAME.xml   link to it: start with the daemon
 *     run/network/NAME.xml             the network as it was started, while it is active
 */
import { lstat, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { formatNetwork, parseNetwork } from "@vireo/model/network/parse-network";
import type { Network } from "@vireo/model/network/network";
import { uuidFromRandom } from "@vireo/model/uuid";
import { hasCode, hostError } from "../../host/errno.ts";
import {
  listDirectory,
  removeIfThere,
  removeKept,
  removeLeftovers,
  writeFileAtomically,
} from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import { readKept } from "../../state/kept-file.ts";

export interface StoredNetwork {
  readonly config?: Network;
  readonly live?: Network;
  readonly autostart: boolean;
}

const SUFFIX = ".xml";
const PRIVATE = 0o700;

export const newUuid = (): string => uuidFromRandom(randomBytes(16));

export class NetworkStore {
  readonly #definitions: string;
  readonly #autostart: string;
  readonly #status: string;

  constructor({ etc, run }: Pick<Paths, "etc" | "run">) {
    this.#definitions = join(etc, "network");
    this.#autostart = join(etc, "network/autostart");
    this.#status = join(run, "network");
  }

  #fileOf(directory: string, name: string): string {
    return join(directory, `${name}${SUFFIX}`);
  }

  /** @throws VireoError `systemError` */
  async saveDefinition(network: Network): Promise<void> {
    const path = this.#fileOf(this.#definitions, network.name);
    await writeFileAtomically(path, formatNetwork(network), { keepPrevious: true });
  }

  async removeDefinition(name: string): Promise<void> {
    await removeIfThere(this.#fileOf(this.#autostart, name));
    await removeKept(this.#fileOf(this.#definitions, name));
  }

  async saveStatus(network: Network): Promise<void> {
    const path = this.#fileOf(this.#status, network.name);
    await writeFileAtomically(path, formatNetwork(network), { durable: false });
  }

  async removeStatus(name: string): Promise<void> {
    await removeIfThere(this.#fileOf(this.#status, name));
  }

  async setAutostart(name: string, wanted: boolean): Promise<void> {
    const path = this.#fileOf(this.#autostart, name);
    await removeIfThere(path);
    if (!wanted) return;
    await symlink(this.#fileOf(this.#definitions, name), path).catch((error: unknown) => {
      throw hostError(`Failed to create symlink '${path}'`, error);
    });
  }

  /** Everything stored; what cannot be read is reported and left where it is. */
  async load(report: (path: string, error: unknown) => void): Promise<readonly StoredNetwork[]> {
    const directories = [this.#definitions, this.#autostart, this.#status];
    for (const path of directories) await mkdir(path, { recursive: true, mode: PRIVATE });
    await Promise.all(directories.map(removeLeftovers));
    const [configs, lives] = await Promise.all(
      [this.#definitions, this.#status].map((path) => this.#read(path, report)),
    );
    const names = new Set([...(configs?.keys() ?? []), ...(lives?.keys() ?? [])]);
    return Promise.all(
      Array.from(names, async (name) => {
        const config = configs?.get(name);
        const live = lives?.get(name);
        return {
          ...(config === undefined ? {} : { config }),
          ...(live === undefined ? {} : { live }),
          autostart: await isThere(this.#fileOf(this.#autostart, name)),
        };
      }),
    );
  }

  async #read(
    directory: string,
    report: (path: string, error: unknown) => void,
  ): Promise<ReadonlyMap<string, Network>> {
    const networks = new Map<string, Network>();
    for (const file of await listDirectory(directory)) {
      if (!file.endsWith(SUFFIX)) continue;
      const path = join(directory, file);
      const kept = await readKept(path, (text) => parseNetwork(text, newUuid).network);
      if (kept === undefined) continue;
      if (kept.from !== "present") report(path, kept.fault);
      if (kept.from !== "nowhere") networks.set(kept.value.name, kept.value);
    }
    return networks;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw hostError(`Cannot look at '${path}'`, error);
  }
}
