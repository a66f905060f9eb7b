/** The image below another one, from what that one's header names. Pure. */
import { posix } from "node:path";
import { virError } from "@vireo/model/error";
import { IMAGE_FORMATS, type BackingStore } from "@vireo/model/domain/device/disk-chain";
import { defineSource } from "./define-source.ts";
import type { ImageHeader } from "./image-header.ts";
import { parseBacking } from "./parse-backing.ts";
import type { StorageSource } from "./storage-source.ts";

/** The end of a chain that is known. */
export const CHAIN_END: BackingStore = { type: "none" };

export interface Linked {
  readonly source: StorageSource;
  /** As the header says; without it only an image that is plain data may be used. */
  readonly format?: string;
}

/** A relative path starts where the image that names it lies. */
function placed(source: StorageSource, above: string): StorageSource {
  if (source.type !== "file") return source;
  return { ...source, path: posix.resolve(posix.dirname(above), source.path) };
}

/** What the image at `path` falls back to; `undefined` when it stands alone. @throws VireoError */
export function linkBelow(path: string, { backing }: ImageHeader): Linked | undefined {
  if (backing === undefined) return undefined;
  const { source } = parseBacking(backing.path);
  const { format } = backing;
  return { source: placed(source, path), ...(format === undefined ? {} : { format }) };
}

/**
 * The link as `<backingStore>`, with what is below it.
 * @param seen format that the image's own first bytes show, where they could be read
 * @throws VireoError `operationInvalid` when nobody has said the format and it is not plain data
 */
export function storeOf(
  { source, format }: Linked,
  { above, seen, below }: { above: string; seen?: string; below?: BackingStore },
): BackingStore {
  const known = IMAGE_FORMATS.find((one) => one === (format ?? seen));
  if (format === undefined && seen !== undefined && seen !== "raw")
    throw virError(
      "operationInvalid",
      `format of backing image '${"path" in source ? source.path : ""}' of image '${above}' was not specified in the image metadata`,
    );
  const { type, source: written } = defineSource({ source });
  return {
    type,
    format: { type: known ?? "raw" },
    source: written,
    ...(below === undefined ? {} : { backingStore: below }),
  } as BackingStore; // type and source come from one place
}
