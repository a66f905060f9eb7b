import type { LibvirtStream } from "@vireo/sdk/libvirt/procedure";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { storageVolumeCommands } from "../../catalog/storage-volume.ts";
import { findVolume } from "../../find-volume.ts";
import { systemReason } from "../../read-file.ts";

/** Large volumes take their time; the connection's keepalive notices a dead daemon. */
const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

const SPARSE = 1;

/** Writes everything the daemon sends to a file; holes stay holes. Answers how many bytes it has. */
async function receive(stream: LibvirtStream, path: string): Promise<bigint> {
  const file = await open(path, "w");
  let at = 0n;
  try {
    for await (const chunk of stream.incoming) {
      if (chunk instanceof Uint8Array) {
        await file.write(chunk, 0, chunk.length, Number(at));
        at += BigInt(chunk.length);
      } else at += chunk.hole;
    }
    await stream.finish();
    await file.truncate(Number(at));
  } finally {
    await file.close();
  }
  return at;
}

const isZero = (piece: Buffer): boolean =>
  piece.length <= ZEROES.length && piece.equals(ZEROES.subarray(0, piece.length));
const ZEROES = Buffer.alloc(64 * 1024);

/** With `sparse`, pieces of nothing but zeroes travel as holes. */
async function send(stream: LibvirtStream, path: string, sparse: boolean): Promise<bigint> {
  let bytes = 0n;
  let hole = 0n;
  const endHole = async (): Promise<void> => {
    if (hole > 0n) await stream.writeHole(hole);
    hole = 0n;
  };
  for await (const chunk of createReadStream(path)) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += BigInt(chunk.length);
    if (sparse && isZero(chunk)) {
      hole += BigInt(chunk.length);
      continue;
    }
    await endHole();
    await stream.write(chunk);
  }
  await endHole();
  await stream.finish();
  return bytes;
}

export const handlers: HandlersOf<typeof storageVolumeCommands> = {
  async "vol-download"({ vol: word, file, pool, offset = 0n, length = 0n, sparse }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const wanted = { vol, offset, length, flags: sparse ? SPARSE : 0 };
    const bytes = await attempt(
      `cannot download from volume ${word}`,
      connection
        .callStream("storageVolDownload", wanted, noDeadline)
        .then(async ({ stream }) => await receive(stream, file)),
    );
    return { data: { bytes }, text: "" };
  },

  async "vol-upload"({ vol: word, file, pool, offset = 0n, length = 0n, sparse }, context) {
    await stat(file).catch((error: unknown) => {
      throw new CommandError(`cannot read ${file}: ${systemReason(error)}`);
    });
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const wanted = { vol, offset, length, flags: sparse ? SPARSE : 0 };
    const bytes = await attempt(
      `cannot upload to volume ${word}`,
      connection
        .callStream("storageVolUpload", wanted, noDeadline)
        .then(async ({ stream }) => await send(stream, file, sparse)),
    );
    return { data: { bytes }, text: "" };
  },
};
