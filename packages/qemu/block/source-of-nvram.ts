/** Where a UEFI variable store lives: definition -> storage source. */
import type { Nvram } from "@vireo/model/domain/os";
import { storageSource } from "./source-of-disk.ts";
import type { StorageSource } from "./storage-source.ts";

/** The source of the store; `path` when the definition names none. */
export const nvramSource = (nvram: Nvram, path: string): StorageSource =>
  storageSource(nvram) ?? { type: "file", path: nvram.path ?? path };
