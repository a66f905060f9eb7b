/** Looking at what became of one volume. */
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { PoolBackend } from "./backend.ts";
import { factsOfDirectory, lookAtFile } from "./directory-backend.ts";
import { backendOf, scanBackend } from "./pool-backend.ts";
import type { Pool } from "./pool.ts";

export const volumesOf = ({ type }: StoragePool): PoolBackend["volumes"] => backendOf(type).volumes;

/** Takes in what is there now. `volume` may tell what no file tells: how it is to be decrypted. */
export async function lookAtVolume(pool: Pool, volume: StorageVolume): Promise<void> {
  const { definition, volumes } = pool.active();
  if (volumesOf(definition) !== "files") {
    pool.scanned(await scanBackend(definition, volumes));
    return;
  }
  const seen = await lookAtFile(volume.target?.path ?? "");
  const known = new Map([[volume.name, volume]]);
  pool.looked(volume.name, factsOfDirectory(definition, seen, known));
}
