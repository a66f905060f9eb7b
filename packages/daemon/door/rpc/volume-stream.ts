/** Contents of volumes as streams of the protocol, where runs of zeroes may travel as holes. */
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { virError } from "@vireo/model/error";
import type { ServerStream } from "@vireo/rpc/server-contract";
import type { ByteSource } from "../../host/byte-source.ts";
import { takesHoles } from "../../host/program-stream.ts";
import type { Hole } from "../../host/sparse-frame.ts";

export async function sendVolume(stream: ServerStream, from: ByteSource): Promise<void> {
  const stop = (): void => void from.destroy();
  stream.signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const piece of from)
      await (Buffer.isBuffer(piece) ? stream.write(piece) : stream.writeHole(piece.hole));
  } finally {
    from.destroy();
  }
}

/** Resolves when the bytes have left: their memory is the stream's, for what comes next. */
const written = (into: Writable, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    into.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** @throws VireoError `operationInvalid` for a hole that nobody announced */
function taken(into: Writable, piece: Buffer | Hole): Promise<void> {
  if (Buffer.isBuffer(piece)) return written(into, piece);
  if (!takesHoles(into))
    throw virError("operationInvalid", "the client sent a hole into a stream that is not sparse");
  return into.writeHole(piece.hole);
}

/** The client's finish is confirmed when the last byte is written. */
export async function receiveVolume(stream: ServerStream, into: Writable): Promise<void> {
  const done = finished(into, { readable: false });
  done.catch(() => undefined); // looked at when it is waited for
  try {
    for await (const piece of stream.incoming) await Promise.race([taken(into, piece), done]);
    into.end();
    await done;
  } finally {
    into.destroy();
  }
}
