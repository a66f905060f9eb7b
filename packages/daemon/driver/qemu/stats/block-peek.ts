/** Reads a piece of a raw disk as the host has it. */
import { open } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { pathOf } from "@vireo/qemu/block/chain";
import { hostError } from "../../../host/errno.ts";

export interface Piece {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** How much of it, in bytes. */
  readonly bytes: number;
}

async function read(path: string, { offset, bytes }: Piece): Promise<Buffer> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw hostError(`Cannot open '${path}'`, error);
  });
  try {
    const piece = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(piece, 0, bytes, offset);
    return piece.subarray(0, bytesRead);
  } catch (error) {
    throw hostError(`Cannot read '${path}'`, error);
  } finally {
    await file.close();
  }
}

/**
 * @throws VireoError `operationUnsupported` for other formats than raw; `systemError`; `internalError` past the end
 */
export async function peekBlock(disk: Disk, piece: Piece): Promise<string> {
  const format = disk.driver?.type ?? "raw";
  if (format !== "raw")
    throw virError(
      "operationUnsupported",
      `peeking is only supported for disk with 'raw' format not '${format}'`,
    );
  const path = pathOf(disk);
  if (path === undefined)
    throw virError("operationUnsupported", "only files and devices of the host can be peeked at");
  const found = await read(path, piece);
  if (found.length < piece.bytes)
    throw virError("internalError", `'${path}' ends at ${piece.offset + found.length} bytes`);
  return found.toString("base64");
}
