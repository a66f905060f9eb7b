/** How the memory in a save image is packed. */
import { PassThrough, type Readable, type Transform } from "node:stream";
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from "node:zlib";

/** The position is the number in the file. */
export const PACKINGS = ["raw", "gzip", "zstd"] as const;
export type Packing = (typeof PACKINGS)[number];

/** Disks are faster than the best compression. */
const FAST = 1;

const PACK: Readonly<Record<Packing, () => Transform>> = {
  raw: () => new PassThrough(),
  gzip: () => createGzip({ level: FAST }),
  zstd: () => createZstdCompress(),
};
const UNPACK: Readonly<Record<Packing, () => Transform>> = {
  raw: () => new PassThrough(),
  gzip: () => createGunzip(),
  zstd: () => createZstdDecompress(),
};

/** The stream, packed; one that breaks breaks the other. */
export function packed(stream: Readable, packing: Packing): Readable {
  if (packing === "raw") return stream;
  const packer = PACK[packing]();
  stream.on("error", (error) => packer.destroy(error));
  packer.on("close", () => stream.destroy());
  return stream.pipe(packer);
}

export const unpacker = (packing: Packing): Transform => UNPACK[packing]();
