import type { LibvirtStream } from "@vireo/sdk/libvirt/procedure";
import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { storageVolumeCommands } from "../../catalog/storage-volume.ts";
import { findVolume } from "../../find-volume.ts";
import { systemReason } from "../../read-file.ts";

/** Large volumes take their time; the connection's keepalive notices a dead daemon. */
const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

/** Writes everything the daemon sends to a file; holes stay holes. Answers how many bytes it has. */
async function receive(stream: LibvirtStream, path: string): Promise<bigint> {
  const file = createWriteStream(path, { flags: "w" });
  await once(file, "open");
  let bytes = 0n;
  try {
    for await (const chunk of stream.incoming) {
      if (!(chunk instanceof Uint8Array))
        throw new CommandError("The daemon sent a hole although none was asked for");
      bytes += BigInt(chunk.length);
      if (!file.write(chunk)) await once(file, "drain");
    }
    await stream.finish();
  } finally {
    file.end();
    await once(file, "close");
  }
  return bytes;
}

async function send(stream: LibvirtStream, path: string): Promise<bigint> {
  let bytes = 0n;
  for await (const chunk of createReadStream(path)) {
    if (!Buffer.isBuffer(chunk)) continue;
    await stream.write(chunk);
    bytes += BigInt(chunk.length);
  }
  await stream.finish();
  return bytes;
}

export const handlers: HandlersOf<typeof storageVolumeCommands> = {
  async "vol-download"({ vol: word, file, pool, offset = 0n, length = 0n, sparse }, context) {
    if (sparse) throw new CommandError("option --sparse is not implemented in vireo yet");
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const wanted = { vol, offset, length, flags: 0 };
    const bytes = await attempt(
      `cannot download from volume ${word}`,
      connection
        .callStream("storageVolDownload", wanted, noDeadline)
        .then(async ({ stream }) => await receive(stream, file)),
    );
    return { data: { bytes }, text: "" };
  },

  async "vol-upload"({ vol: word, file, pool, offset = 0n, length = 0n, sparse }, context) {
    if (sparse) throw new CommandError("option --sparse is not implemented in vireo yet");
    await stat(file).catch((error: unknown) => {
      throw new CommandError(`cannot read ${file}: ${systemReason(error)}`);
    });
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const wanted = { vol, offset, length, flags: 0 };
    const bytes = await attempt(
      `cannot upload to volume ${word}`,
      connection
        .callStream("storageVolUpload", wanted, noDeadline)
        .then(async ({ stream }) => await send(stream, file)),
    );
    return { data: { bytes }, text: "" };
  },
};
