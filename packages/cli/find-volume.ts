import type { StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import { CommandError } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { findPool, firstFound } from "./lookup.ts";

/** Where a volume is looked for. */
export interface VolumePlace {
  /** Name or UUID of the pool, if the user named one. */
  readonly pool: string | undefined;
  /** The option that names it, for the message. */
  readonly option?: string;
}

/** A volume by name in a pool, else by key or path in any pool. */
export async function findVolume(
  connection: Connection,
  word: string,
  { pool: poolWord, option = "pool" }: VolumePlace,
): Promise<StorageVolReference> {
  const pool = poolWord === undefined ? undefined : await findPool(connection, poolWord);
  const ways: (() => Promise<{ vol: StorageVolReference }>)[] = [
    async () => await connection.call("storageVolLookupByKey", { key: word }),
    async () => await connection.call("storageVolLookupByPath", { path: word }),
  ];
  if (pool !== undefined)
    ways.unshift(async () => await connection.call("storageVolLookupByName", { pool, name: word }));
  const hint = pool === undefined ? `, specifying --${option} might help` : "";
  const { vol } = await firstFound(ways, `failed to get vol '${word}'${hint}`);
  if (pool !== undefined && vol.pool !== pool.name)
    throw new CommandError(`Requested volume '${word}' is not in pool '${pool.name}'`);
  return vol;
}
