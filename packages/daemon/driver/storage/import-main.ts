/**
 * A process of its own that brings an image into a new file: `SOURCE TARGET`, a path or an http(s)
 * URL. Tells its progress on stdout, a JSON object a line; the last one has the SHA-256, or the error.
 * It can be killed when storage or server do not answer.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { ImportNews } from "./import-news.ts";
import { describedErrno } from "../../host/errno.ts";

const TELL_MS = 500;
const PIECE_BYTES = 256 * 1024;
const BLOCK_BYTES = 64 * 1024;
const ZEROES = Buffer.alloc(PIECE_BYTES);

const tell = (news: ImportNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

interface Source {
  /** Undefined when the server does not say. */
  readonly total: number | undefined;
  readonly pieces: AsyncIterable<Uint8Array>;
}

async function fromUrl(url: string): Promise<Source> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null)
    throw new Error(`${answer.status} ${answer.statusText}`.trim());
  const length = answer.headers.get("content-length");
  return { total: length === null ? undefined : Number(length), pieces: answer.body };
}

async function fromFile(path: string): Promise<Source> {
  const facts = await stat(path);
  if (!facts.isFile()) throw new Error("it is not a regular file");
  return { total: facts.size, pieces: createReadStream(path, { highWaterMark: PIECE_BYTES }) };
}

const isZero = (piece: Buffer): boolean => piece.equals(ZEROES.subarray(0, piece.length));

async function bring(source: string, target: string): Promise<ImportNews> {
  const { total, pieces } = await (/^https?:/.test(source) ? fromUrl(source) : fromFile(source));
  const hash = createHash("sha256");
  await using file = await open(target, "wx", 0o600);
  let bytes = 0;
  let told = Number.NEGATIVE_INFINITY;
  for await (const some of pieces) {
    const piece = Buffer.from(some.buffer, some.byteOffset, some.byteLength);
    hash.update(piece);
    // long runs of zeroes stay holes
    for (let at = 0; at < piece.length; at += BLOCK_BYTES) {
      const block = piece.subarray(at, at + BLOCK_BYTES);
      if (!isZero(block)) await file.write(block, 0, block.length, bytes + at);
    }
    bytes += piece.length;
    if (performance.now() - told < TELL_MS) continue;
    told = performance.now();
    tell({ bytes, ...(total === undefined ? {} : { total }) });
  }
  if (total !== undefined && bytes !== total) throw new Error(`it ended after ${bytes} bytes`);
  await file.truncate(bytes);
  await file.sync();
  return { bytes, sha256: hash.digest("hex") };
}

/** What `fetch` throws says why in its cause. */
const reason = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : describedErrno(error);

const [, , source = "", target = ""] = process.argv;
process.stdout.on("error", () => process.exit(1)); // the daemon is gone
tell(await bring(source, target).catch((error: unknown) => ({ bytes: 0, error: reason(error) })));
