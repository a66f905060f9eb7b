/** Pools on disk, in `etc/storage` and `run/storage`. */
import { formatPool, parsePool } from "@vireo/model/storage/parse-pool";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { Paths } from "../../host/paths.ts";
import { DefinitionStore } from "../../state/definition-store.ts";
import { newUuid } from "../../state/new-uuid.ts";

export type PoolStore = DefinitionStore<StoragePool>;

export const poolStore = (paths: Paths): PoolStore =>
  new DefinitionStore(paths, {
    folder: "storage",
    format: formatPool,
    parse: (text) => parsePool(text, newUuid).pool,
  });
