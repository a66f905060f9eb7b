import { XdrError } from "./xdr-error.ts";
import { padded } from "./xdr-writer.ts";

/**
 * Walks over the bytes of one payload. Every length is checked against what is left before anything
 * is allocated; the bytes may be followed by others, which are ignored as libvirtd does.
 */
export class XdrReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  hyper(): bigint {
    return this.#buffer.readBigInt64BE(this.#take(8));
  }

  unsignedHyper(): bigint {
    return this.#buffer.readBigUInt64BE(this.#take(8));
  }

  double(): number {
    return this.#buffer.readDoubleBE(this.#take(8));
  }

  /** A view on the next bytes, without copying; the padding is skipped, whatever it holds. */
  view(length: number): Buffer {
    const at = this.#take(padded(length));
    return this.#buffer.subarray(at, at + length);
  }

  /** An element count: at most `max`, and no more than could still follow. */
  count(max: number, elementBytes: number): number {
    const count = this.uint32();
    if (count > max) throw new XdrError(`Length ${count} exceeds the limit of ${max}`);
    if (count * elementBytes > this.remaining) {
      throw new XdrError(`Length ${count} exceeds the ${this.remaining} bytes that follow`);
    }
    return count;
  }

  #take(bytes: number): number {
    const at = this.#offset;
    if (bytes > this.remaining) {
      throw new XdrError(
        `Payload ends at byte ${this.#buffer.length}, ${bytes} more needed at ${at}`,
      );
    }
    this.#offset = at + bytes;
    return at;
  }
}
