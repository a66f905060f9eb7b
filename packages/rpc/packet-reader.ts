import {
  HEADER_BYTES,
  MAX_FDS,
  MAX_PACKET_BYTES,
  type Packet,
  PacketError,
  PacketType,
  readHeader,
} from "./packet.ts";

const LENGTH_BYTES = 4;

/**
 * Cuts a byte stream into packets. What has arrived is kept in pieces and joined once per packet; a
 * length is checked as soon as its word is there.
 *
 * Descriptors travel on one extra byte each behind the packet. Node's sockets drop the descriptors;
 * the bytes are skipped here, so that such a call can at least be answered.
 */
export class PacketReader {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** Bytes that wait to be taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Add received bytes. */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Take the next whole packet, if it has arrived. Throws PacketError on an impossible length. */
  next(): Packet | undefined {
    if (this.#bytes < LENGTH_BYTES) return undefined;
    const length = this.#peek(LENGTH_BYTES).readUInt32BE(0);
    if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
      throw new PacketError(`Packet length ${length} is out of range`);
    }
    if (this.#bytes < length) return undefined;
    return this.#nextWhole(length);
  }

  #nextWhole(length: number): Packet | undefined {
    const packet = this.#peek(length);
    const header = readHeader(packet);
    const body = packet.subarray(HEADER_BYTES, length);
    if (header.type !== PacketType.callWithFds && header.type !== PacketType.replyWithFds) {
      this.#drop(length);
      return { ...header, body, fdCount: 0 };
    }
    const fdCount = fdCountOf(body);
    if (this.#bytes < length + fdCount) return undefined;
    this.#drop(length + fdCount);
    return { ...header, body: body.subarray(4), fdCount };
  }

  /** At least the first `count` bytes in one piece; they have arrived. */
  #peek(count: number): Buffer {
    const first = this.#pieces[0];
    if (first !== undefined && first.length >= count) return first;
    const joined = Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [joined];
    return joined;
  }

  #drop(count: number): void {
    const rest = this.#peek(count).subarray(count);
    this.#pieces = rest.length === 0 ? this.#pieces.slice(1) : [rest, ...this.#pieces.slice(1)];
    this.#bytes -= count;
  }
}

function fdCountOf(body: Buffer): number {
  const count = body.length < 4 ? Number.POSITIVE_INFINITY : body.readUInt32BE(0);
  if (count > MAX_FDS) throw new PacketError(`Packet announces ${count} descriptors`);
  return count;
}
