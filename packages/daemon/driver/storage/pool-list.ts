/** The pools of the host, and what all work on them needs. */
import type { Logger } from "pino";
import { virError } from "@vireo/model/error";
import type { PoolRef, VolumeIdentity, VolumeRef } from "@vireo/model/operation/storage-value";
import { cleanPath } from "@vireo/model/storage/clean-path";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { StoragePoolEvent } from "@vireo/model/storage-event";
import type { EventBus } from "../../event/event-bus.ts";
import type { Pool } from "./pool.ts";
import type { PoolStore } from "./pool-store.ts";

export interface FoundVolume {
  readonly pool: Pool;
  readonly volume: StorageVolume;
}

export const identityOf = ({ pool, volume }: FoundVolume): VolumeIdentity => ({
  pool: pool.identity.name,
  name: volume.name,
  key: volume.key ?? "",
});

/** How a volume is found without its pool, and what is said when it is not. */
const wanted = (
  ref: Exclude<VolumeRef, { pool: string }>,
): { complaint: string; test: (volume: StorageVolume) => boolean } =>
  "key" in ref
    ? { complaint: `key ${ref.key}`, test: ({ key }) => key === ref.key }
    : {
        complaint: `path '${ref.path}'`,
        test: ({ target }) => target?.path === cleanPath(ref.path),
      };

export class PoolList {
  readonly store: PoolStore;
  readonly events: EventBus<StoragePoolEvent>;
  readonly log: Logger;
  readonly #pools = new Set<Pool>();

  constructor(store: PoolStore, events: EventBus<StoragePoolEvent>, log: Logger) {
    this.store = store;
    this.events = events;
    this.log = log;
  }

  all(): readonly Pool[] {
    return [...this.#pools].toSorted((a, b) => (a.identity.name < b.identity.name ? -1 : 1));
  }

  add(pool: Pool): void {
    this.#pools.add(pool);
  }

  /** Forgets a pool that is neither defined nor active. */
  drop(pool: Pool): void {
    this.#pools.delete(pool);
  }

  byName(name: string): Pool | undefined {
    return this.all().find(({ identity }) => identity.name === name);
  }

  /** @throws VireoError `noStoragePool` */
  find(ref: PoolRef): Pool {
    if ("name" in ref) {
      const found = this.byName(ref.name);
      if (found !== undefined) return found;
      throw virError("noStoragePool", `no storage pool with matching name '${ref.name}'`);
    }
    const found = this.all().find(({ identity }) => identity.uuid === ref.uuid);
    if (found !== undefined) return found;
    throw virError("noStoragePool", `no storage pool with matching uuid '${ref.uuid}'`);
  }

  /**
   * The pool that a new definition is about; undefined when it is a new one.
   * @throws VireoError `operationFailed` when name and UUID belong to different pools
   */
  same({ name, uuid }: StoragePool): Pool | undefined {
    const known = this.all().find(({ identity }) => identity.uuid === uuid);
    if (known !== undefined) {
      if (known.identity.name === name) return known;
      throw virError(
        "operationFailed",
        `pool '${known.identity.name}' is already defined with uuid ${uuid}`,
      );
    }
    const named = this.byName(name);
    if (named === undefined) return undefined;
    throw virError(
      "operationFailed",
      `pool '${name}' already exists with uuid ${named.identity.uuid}`,
    );
  }

  /** @throws VireoError `noStorageVol` */
  findVolume(ref: VolumeRef): FoundVolume {
    if ("pool" in ref) {
      const pool = this.find({ name: ref.pool });
      return { pool, volume: pool.volume(ref.name) };
    }
    const { complaint, test } = wanted(ref);
    for (const pool of this.all()) {
      const volume = [...(pool.live?.volumes.values() ?? [])].find(test);
      if (volume !== undefined) return { pool, volume };
    }
    throw virError("noStorageVol", `no storage vol with matching ${complaint}`);
  }

  tell(pool: Pool, event: Extract<StoragePoolEvent, { kind: "lifecycle" }>["event"]): void {
    this.events.publish({ kind: "lifecycle", pool: pool.identity, event });
  }
}
