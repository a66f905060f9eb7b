/**
 * Bytes and holes on one pipe: a signed number of 8 bytes, and as many bytes after it when it is
 * positive; otherwise a hole of so many.
 */

/** A run of zeroes that takes no room. */
export interface Hole {
  readonly hole: bigint;
}

export const FRAME_HEADER_BYTES = 8;

export function dataHeader(bytes: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeBigInt64LE(BigInt(bytes));
  return header;
}

export function holeFrame(bytes: bigint): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeBigInt64LE(-bytes);
  return header;
}

/** Takes frames apart, however their bytes arrive. Data is part of the pieces that came. */
export class FrameReader {
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headed = 0;
  #left = 0;

  *pieces(bytes: Buffer): Generator<Buffer | Hole> {
    for (let rest = bytes; rest.length > 0; ) {
      if (this.#left > 0) {
        const data = rest.subarray(0, this.#left);
        this.#left -= data.length;
        rest = rest.subarray(data.length);
        yield data;
        continue;
      }
      const taken = rest.copy(this.#header, this.#headed);
      this.#headed += taken;
      rest = rest.subarray(taken);
      if (this.#headed < FRAME_HEADER_BYTES) return;
      this.#headed = 0;
      const length = this.#header.readBigInt64LE();
      if (length > 0n) this.#left = Number(length);
      else if (length < 0n) yield { hole: -length };
    }
  }
}
