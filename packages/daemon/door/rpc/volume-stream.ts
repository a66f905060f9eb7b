/** Contents of volumes as streams of the protocol; there, long runs of zeroes may travel as holes. */
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import type { ServerStream } from "@vireo/rpc/server-contract";

const ZEROES = Buffer.alloc(1 << 20);

const isZero = (piece: Buffer): boolean =>
  piece.length <= ZEROES.length && piece.equals(ZEROES.subarray(0, piece.length));

/** With `sparse` every piece that is nothing but zeroes becomes part of a hole. */
export async function sendVolume(
  stream: ServerStream,
  from: Duplex,
  sparse: boolean,
): Promise<void> {
  const stop = (): void => void from.destroy();
  stream.signal.addEventListener("abort", stop, { once: true });
  from.on("error", () => undefined); // whoever reads is told
  let hole = 0n;
  const endHole = async (): Promise<void> => {
    if (hole > 0n) await stream.writeHole(hole);
    hole = 0n;
  };
  try {
    for await (const chunk of from) {
      const piece = chunk as Buffer; // a byte stream
      if (sparse && isZero(piece)) {
        hole += BigInt(piece.length);
        continue;
      }
      await endHole();
      await stream.write(piece);
    }
    await endHole();
  } finally {
    from.destroy();
  }
}

/** The bytes of a piece or hole, in pieces. */
function* bytesOf(piece: Buffer | { readonly hole: bigint }): Generator<Buffer> {
  if (Buffer.isBuffer(piece)) {
    yield piece;
    return;
  }
  const whole = BigInt(ZEROES.length);
  for (let left = piece.hole; left > 0n; left -= whole)
    yield left < whole ? ZEROES.subarray(0, Number(left)) : ZEROES;
}

/** Resolves when the bytes have left: their memory is the stream's, for what comes next. */
const written = (into: Duplex, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    into.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** The client's finish is confirmed when the last byte is written. */
export async function receiveVolume(stream: ServerStream, into: Duplex): Promise<void> {
  const done = finished(into, { readable: false });
  done.catch(() => undefined); // looked at when it is waited for
  try {
    for await (const piece of stream.incoming)
      for (const bytes of bytesOf(piece)) await Promise.race([written(into, bytes), done]);
    into.end();
    await done;
  } finally {
    into.destroy();
  }
}
