const BLOCK_BYTES = 256 * 1024;
/** Less than this is not worth a block. */
const SMALL_BYTES = 4096;
/** Blocks kept for the next time. */
const SPARE_BLOCKS = 2;

interface Piece {
  bytes: Buffer;
  /** `own` stays as it is; `lent` is somebody else's; a block is filled again when it is empty. */
  readonly memory: "own" | "lent" | Buffer;
}

/**
 * Bytes that have arrived and wait to be taken, in the pieces they came in. What has to wait of lent
 * memory is copied into blocks that are used again and again: a peer that sends gigabytes faster than
 * they can be taken leaves no garbage.
 */
export class ReceivedBytes {
  readonly #pieces: Piece[] = [];
  readonly #spare: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Lent memory is somebody else's: `keep` before it is used again. */
  push(bytes: Buffer, lent: boolean): void {
    if (bytes.length === 0) return;
    this.#pieces.push({ bytes, memory: lent ? "lent" : "own" });
    this.#length += bytes.length;
  }

  /** Copies what waits in lent memory. */
  keep(): void {
    const last = this.#pieces.at(-1);
    if (last?.memory !== "lent") return;
    this.#pieces.pop();
    const { bytes } = last;
    if (bytes.length < SMALL_BYTES || bytes.length > BLOCK_BYTES) {
      this.#pieces.push({ bytes: Buffer.from(bytes), memory: "own" });
      return;
    }
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    bytes.copy(memory);
    this.#pieces.push({ bytes: memory.subarray(0, bytes.length), memory });
  }

  /** The first `count` bytes, which are there; they stay. Good until the next change. */
  peek(count: number): Buffer {
    const first = this.#pieces[0]?.bytes;
    if (first !== undefined && first.length >= count) return first.subarray(0, count);
    return this.#joined(count);
  }

  /** Takes the first `count` bytes, which are there. They are the caller's. */
  take(count: number): Buffer {
    const first = this.#pieces[0];
    const isWhole = first?.memory === "own" && first.bytes.length >= count;
    const bytes = isWhole ? first.bytes.subarray(0, count) : this.#joined(count);
    this.drop(count);
    return bytes;
  }

  /** Takes what lies in one piece, at most `count` bytes. Good until something is pushed or kept. */
  takePiece(count: number): Buffer {
    const bytes = this.#pieces[0]?.bytes.subarray(0, count) ?? Buffer.alloc(0);
    this.drop(bytes.length);
    return bytes;
  }

  drop(count: number): void {
    this.#length -= count;
    for (let left = count; left > 0; ) {
      const first = this.#pieces[0];
      if (first === undefined) return;
      if (left < first.bytes.length) {
        first.bytes = first.bytes.subarray(left);
        return;
      }
      left -= first.bytes.length;
      this.#pieces.shift();
      if (typeof first.memory !== "string" && this.#spare.length < SPARE_BLOCKS)
        this.#spare.push(first.memory);
    }
  }

  #joined(count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count);
    let at = 0;
    for (const piece of this.#pieces) {
      at += piece.bytes.copy(bytes, at);
      if (at === count) break;
    }
    return bytes;
  }
}
