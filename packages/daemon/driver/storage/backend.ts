/** What a kind of pool can do. All that touches storage runs in processes that can be killed. */
import { virError, type VireoError } from "@vireo/model/error";
import type { Permissions } from "@vireo/model/storage/permissions";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { PoolSource } from "@vireo/model/storage/pool-source";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Command } from "./command.ts";
import type { Space } from "./hand-protocol.ts";

/** A pool as seen. */
export interface PoolFacts {
  readonly space: Space;
  /** Of the pool's directory. */
  readonly permissions?: Permissions;
  /** What the pool's devices tell about themselves. */
  readonly source?: PoolSource;
  readonly volumes: readonly StorageVolume[];
}

export type KnownVolumes = ReadonlyMap<string, StorageVolume>;

export interface Building {
  readonly overwrite?: boolean | undefined;
  readonly noOverwrite?: boolean | undefined;
}

/** Making and removing volumes that are no files. */
export interface VolumeBackend {
  /** @throws VireoError when it cannot be made; then nothing of it is left */
  readonly create: (pool: StoragePool, volume: StorageVolume) => Promise<void>;
  readonly remove: (pool: StoragePool, volume: StorageVolume) => Promise<void>;
}

/** All throw VireoError. */
export interface PoolBackend {
  /** Makes the storage appear on the host. */
  readonly start?: (pool: StoragePool) => Promise<void>;
  readonly stop?: (pool: StoragePool) => Promise<void>;
  readonly scan: (pool: StoragePool, known: KnownVolumes) => Promise<PoolFacts>;
  readonly build?: (pool: StoragePool, building: Building) => Promise<void>;
  /** Removes the storage. */
  readonly remove?: (pool: StoragePool) => Promise<void>;
  /** `files`: volumes are files of the pool's directory. */
  readonly volumes?: "files" | VolumeBackend;
  /** Pools that could be made. */
  readonly sources?: (wanted: PoolSource) => Promise<readonly PoolSource[]>;
}

/** Runs a program on storage: answers what it printed, throws VireoError with what it said. */
export type Run = (
  command: Command,
  options?: { readonly timeoutMs?: number; readonly input?: string },
) => Promise<string>;

/** What a kind of pool lacks. */
export const lacking = (what: string): VireoError => virError("noSupport", what);

export const devicesOf = ({ source }: StoragePool): readonly string[] =>
  (source?.devices ?? []).map(({ path }) => path);

/** Words of the administrator that a program would take for an option. @throws VireoError `invalidArg` */
export function plain(word: string): string {
  if (word === "" || word.startsWith("-"))
    throw virError("invalidArg", `'${word}' cannot name storage`);
  return word;
}

/** Fields of each line that is not blank. */
export const rowsOf = (text: string, separator: RegExp | string): readonly (readonly string[])[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(separator).map((field) => field.trim()));
