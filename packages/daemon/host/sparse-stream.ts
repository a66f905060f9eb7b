/** Files as streams of bytes and holes, through a process that can be killed. */
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { ByteSource } from "./byte-source.ts";
import { readFrames, writeFrames } from "./program-stream.ts";

const PROGRAM = join(import.meta.dirname, "sparse-main.ts");
const WORDS = ["--disable-warning=ExperimentalWarning", PROGRAM];

interface Part {
  readonly offset: number;
  /** 0 for all up to the end. */
  readonly length: number;
}

/** Pieces and `Hole`s. */
export const readSparse = (path: string, { offset, length }: Part): ByteSource =>
  readFrames(process.execPath, [...WORDS, "read", path, String(offset), String(length)]);

/** Takes at most `length` bytes, holes counted. What lies in a hole is zero afterwards. */
export const writeSparse = (path: string, { offset, length }: Part): Writable =>
  writeFrames(
    process.execPath,
    [...WORDS, "write", path, String(offset)],
    length === 0 ? {} : { limit: length },
  );
