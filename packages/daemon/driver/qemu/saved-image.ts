/**
 * The file of a saved domain: a header of ours, the domain as XML, QEMU's migration stream.
 *
 *     "VireoSav" version(4) state(2) packing(2) xmlLength(4) xmlCrc(4) streamLength(8) | XML | stream
 *
 * Numbers are little endian. The file gets its name only when it is whole and on disk.
 */
import { createReadStream, existsSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { isError, virError } from "@vireo/model/error";
import { hostError } from "../../host/errno.ts";
import { faultPoint } from "../../host/fault-point.ts";
import type { Paths } from "../../host/paths.ts";
import { READ_LIMIT, removeIfThere, syncDirectory } from "../../host/file.ts";
import { PACKINGS, type Packing } from "./image-packing.ts";
import { imagePlace } from "./image-place.ts";

const MAGIC = "VireoSav";
/** Images that are not packed stay readable to the first Vireo. */
const VERSION = { plain: 1, packed: 2 } as const;
const HEADER_BYTES = 32;

/** Where the managed save of a domain lies. */
export const managedSavePath = ({ save }: Paths, name: string): string =>
  join(save, `${name}.save`);

/** The name of an image that is not whole yet. */
export const temporaryImage = (path: string): string => `${path}.saving`;

/** Asked of the disk, so that no daemon's end makes it untrue. */
export const isSaved = (paths: Paths, name: string): boolean =>
  existsSync(managedSavePath(paths, name));

export interface SavedImage {
  readonly path: string;
  readonly xml: string;
  /** Whether its vCPUs are to run again after a restore. */
  readonly running: boolean;
  /** How QEMU's stream is packed. */
  readonly packing: Packing;
  /** Where QEMU's stream begins in the file. */
  readonly streamStart: number;
  /** Bytes of it. */
  readonly streamLength: number;
}

interface Head {
  readonly xml: Buffer;
  readonly running: boolean;
  readonly packing: Packing;
  readonly streamLength: number;
}

function header({ xml, running, packing, streamLength }: Head): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, "latin1");
  bytes.writeUInt32LE(packing === "raw" ? VERSION.plain : VERSION.packed, 8);
  bytes.writeUInt16LE(running ? 1 : 0, 12);
  bytes.writeUInt16LE(PACKINGS.indexOf(packing), 14);
  bytes.writeUInt32LE(xml.length, 16);
  bytes.writeUInt32LE(crc32(xml), 20);
  bytes.writeBigUInt64LE(BigInt(streamLength), 24);
  return bytes;
}

/** Writes all of it; a chunk of the stream may be large. */
async function append(file: FileHandle, data: Buffer, at: number): Promise<number> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, at + done);
    done += bytesWritten;
  }
  return at + data.length;
}

async function openNew(path: string, target: string, device: boolean): Promise<FileHandle> {
  try {
    return await open(target, device ? "r+" : "w", 0o600);
  } catch (error) {
    throw hostError(`Failed to create file '${path}'`, error);
  }
}

async function giveName(target: string, path: string): Promise<void> {
  faultPoint(`before renaming to ${path}`);
  await rename(target, path);
  faultPoint(`after renaming to ${path}`);
  await syncDirectory(dirname(path));
}

export type NewImage = Pick<SavedImage, "path" | "xml" | "running" | "packing">;

/**
 * Writes an image, replacing one that is there only when all has succeeded. `confirm` is asked
 * when the stream has ended: whether it was whole.
 * @throws VireoError `systemError`, or what `confirm` throws
 */
export async function writeImage(
  { path, xml, running, packing }: NewImage,
  stream: Readable,
  confirm: () => Promise<void>,
): Promise<void> {
  const text = Buffer.from(xml);
  const device = (await imagePlace(path)) === "device";
  const target = device ? path : temporaryImage(path);
  try {
    await using file = await openNew(path, target, device);
    // what a device held before is no image any more
    await append(file, Buffer.alloc(HEADER_BYTES), 0);
    let end = await append(file, text, HEADER_BYTES);
    const start = end;
    for await (const chunk of stream)
      if (Buffer.isBuffer(chunk)) end = await append(file, chunk, end);
    await confirm();
    await file.sync();
    await append(file, header({ xml: text, running, packing, streamLength: end - start }), 0);
    await file.sync();
    if (!device) await giveName(target, path);
  } catch (error) {
    stream.destroy();
    if (!device) await removeIfThere(target).catch(() => undefined); // the first error is the one to tell
    throw isError(error) ? error : hostError(`Failed to save domain to '${path}'`, error);
  }
}

const damaged = (path: string, why: string) =>
  virError("operationFailed", `save image '${path}' cannot be used: ${why}`);

/** As libvirt words it: the file is something else. */
const noImage = () => virError("operationFailed", "image magic is incorrect");

/**
 * Reads what lies before the stream, and checks that the file is as long as it says.
 * @throws VireoError `operationFailed` when damaged, incomplete or newer; `systemError`
 */
export async function readImage(path: string): Promise<SavedImage> {
  try {
    await using file = await open(path, "r");
    const found = await file.stat();
    const head = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(head, 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || head.toString("latin1", 0, 8) !== MAGIC) throw noImage();
    const version = head.readUInt32LE(8);
    const packing = PACKINGS[head.readUInt16LE(14)];
    if (version > VERSION.packed || packing === undefined)
      throw damaged(path, `image version is not supported (${version} > ${VERSION.packed})`);
    const xmlLength = head.readUInt32LE(16);
    const streamStart = HEADER_BYTES + xmlLength;
    const streamLength = Number(head.readBigUInt64LE(24));
    const whole = found.isBlockDevice() || found.size === streamStart + streamLength;
    if (xmlLength > READ_LIMIT || !whole)
      throw damaged(path, "its length is not what its header says");
    const xml = Buffer.alloc(xmlLength);
    await file.read(xml, 0, xmlLength, HEADER_BYTES);
    if (crc32(xml) !== head.readUInt32LE(20)) throw damaged(path, "its XML is damaged");
    const running = head.readUInt16LE(12) === 1;
    return { path, xml: xml.toString(), running, packing, streamStart, streamLength };
  } catch (error) {
    throw isError(error) ? error : hostError(`Failed to open file '${path}'`, error);
  }
}

/** Another definition, or another state, for memory that was kept. @throws VireoError */
export async function redefineImage(
  image: SavedImage,
  change: Pick<SavedImage, "xml" | "running">,
): Promise<void> {
  if ((await imagePlace(image.path)) === "device")
    throw virError("operationUnsupported", "an image on a block device cannot be changed");
  const { path, packing, streamStart: start } = image;
  const stream = createReadStream(path, { start });
  await writeImage({ path, packing, ...change }, stream, () => Promise.resolve());
}
