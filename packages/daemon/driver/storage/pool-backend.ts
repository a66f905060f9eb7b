/** Which kinds of pools there are here, and what is done to a pool whatever its kind. */
import { badArgument, virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { PoolSource } from "@vireo/model/storage/pool-source";
import { POOL_TYPES, type PoolType } from "@vireo/model/storage/pool-kind";
import {
  type Building,
  type KnownVolumes,
  lacking,
  type PoolBackend,
  type PoolFacts,
} from "./backend.ts";
import { directoryBackends } from "./directory-backend.ts";
import { diskBackend } from "./disk-backend.ts";
import { iscsiBackend } from "./iscsi-backend.ts";
import { logicalBackend } from "./logical-backend.ts";
import { mpathBackend } from "./mpath-backend.ts";
import { rbdBackend } from "./rbd-backend.ts";
import { scsiBackend, unitsOf } from "./scsi-backend.ts";
import { runCommand } from "./storage-hand.ts";
import { zfsBackend } from "./zfs-backend.ts";

/** Kinds that are not here: their servers are only to be reached through libraries of C. */
const BACKENDS: Readonly<Partial<Record<PoolType, PoolBackend>>> = {
  ...directoryBackends(runCommand),
  logical: logicalBackend(runCommand),
  disk: diskBackend(runCommand),
  iscsi: iscsiBackend(runCommand, unitsOf),
  scsi: scsiBackend(unitsOf),
  mpath: mpathBackend(runCommand),
  zfs: zfsBackend(runCommand),
  rbd: rbdBackend(runCommand),
};

export const isSupported = (type: PoolType): boolean => type in BACKENDS;

/** @throws VireoError `internalError` in libvirt's words for a kind that is not here */
export function backendOf(type: PoolType): PoolBackend {
  const backend = BACKENDS[type];
  if (backend !== undefined) return backend;
  const number = POOL_TYPES.indexOf(type);
  throw virError("internalError", `missing backend for pool type ${number} (${type})`);
}

export const startBackend = async (pool: StoragePool): Promise<void> =>
  backendOf(pool.type).start?.(pool);

export const stopBackend = async (pool: StoragePool): Promise<void> =>
  backendOf(pool.type).stop?.(pool);

export const scanBackend = (
  pool: StoragePool,
  known: KnownVolumes = new Map(),
): Promise<PoolFacts> => backendOf(pool.type).scan(pool, known);

/** A kind that has nothing to build is built. */
export async function buildBackend(pool: StoragePool, building: Building): Promise<void> {
  if (building.overwrite === true && building.noOverwrite === true)
    throw badArgument(
      "Flags 'VIR_STORAGE_POOL_BUILD_OVERWRITE' and 'VIR_STORAGE_POOL_BUILD_NO_OVERWRITE' are mutually exclusive",
      { function: "storagePoolBuild", argument: "flags" },
    );
  await backendOf(pool.type).build?.(pool, building);
}

export async function deleteBackend(pool: StoragePool): Promise<void> {
  const { remove } = backendOf(pool.type);
  if (remove === undefined) throw lacking("pool does not support pool deletion");
  await remove(pool);
}

/** Pools of a kind that could be made. @throws VireoError */
export async function findSources(
  type: PoolType,
  wanted: PoolSource,
): Promise<readonly PoolSource[]> {
  const { sources } = backendOf(type);
  if (sources === undefined) throw lacking(`pool type '${type}' does not support source discovery`);
  return sources(wanted);
}
