import { XdrError } from "./xdr-error.ts";

const INITIAL_BYTES = 512;

/** Grows one Buffer, doubling up to a limit, so that a value is encoded without pieces to join. */
export class XdrWriter {
  readonly #limit: number;
  #buffer: Buffer;
  #length: number;

  /** @param headroom bytes left free at the start, for a packet header; @param limit in bytes, headroom included. */
  constructor(headroom: number, limit: number) {
    this.#limit = limit;
    this.#buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, headroom));
    this.#length = headroom;
  }

  int32(value: number): void {
    const at = this.#take(4);
    this.#buffer.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#take(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  hyper(value: bigint): void {
    const at = this.#take(8);
    this.#buffer.writeBigInt64BE(value, at);
  }

  unsignedHyper(value: bigint): void {
    const at = this.#take(8);
    this.#buffer.writeBigUInt64BE(value, at);
  }

  double(value: number): void {
    const at = this.#take(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  /** Bytes and the zero padding that fills the last word. */
  bytes(value: Uint8Array): void {
    const at = this.#take(padded(value.length));
    this.#buffer.set(value, at);
    this.#buffer.fill(0, at + value.length, this.#length);
  }

  /** UTF-8 text of known byte length, padded like bytes. */
  text(value: string, byteLength: number): void {
    const at = this.#take(padded(byteLength));
    this.#buffer.write(value, at, "utf8");
    this.#buffer.fill(0, at + byteLength, this.#length);
  }

  /** What was written, headroom included. The writer must not be used afterwards. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Reserve bytes and say where they start. */
  #take(bytes: number): number {
    const at = this.#length;
    const end = at + bytes;
    if (end > this.#limit) throw new XdrError(`Encoded value exceeds ${this.#limit} bytes`);
    if (end > this.#buffer.length) this.#grow(end);
    this.#length = end;
    return at;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(
      Math.min(this.#limit, Math.max(needed, this.#buffer.length * 2)),
    );
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** A byte length rounded up to whole words. */
export const padded = (length: number): number => (length + 3) & ~3;
