import {
  HEADER_BYTES,
  MAX_FDS,
  MAX_PACKET_BYTES,
  type Packet,
  PacketError,
  type PacketHeader,
  PacketStatus,
  PacketType,
  readHeader,
} from "./packet.ts";
import { ReceivedBytes } from "./received-bytes.ts";

const LENGTH_BYTES = 4;
/** Of the word that says how many descriptors come. */
const COUNT_BYTES = 4;

/** Data of a stream goes on as it comes: whoever takes it does not care where packets begin. */
const isStreamData = ({ type, status }: PacketHeader, length: number): boolean =>
  type === PacketType.stream && status === PacketStatus.continue && length > HEADER_BYTES;

/**
 * Cuts a byte stream into packets. A length is checked as soon as its word is there. The data of a
 * stream is not joined: a packet of it comes out as several with the same header, each with the bytes
 * that are there, which are good until more arrives; the body of any other packet is the caller's.
 *
 * Descriptors travel on one extra byte each behind the packet. Node's sockets drop the descriptors;
 * the bytes are skipped here, so that such a call can at least be answered.
 */
export class PacketReader {
  readonly #received = new ReceivedBytes();
  /** Stream data of which not all has come out. */
  #open: { readonly header: PacketHeader; left: number } | undefined;

  /** Bytes that wait to be taken. */
  get bytes(): number {
    return this.#received.length;
  }

  /** Add received bytes. A lent piece is somebody else's: `keep` before its memory is used again. */
  push(piece: Buffer, lent = false): void {
    this.#received.push(piece, lent);
  }

  /** Copy what waits of the lent piece. */
  keep(): void {
    this.#received.keep();
  }

  /** Take the next whole packet, if it has arrived. Throws PacketError on an impossible length. */
  next(): Packet | undefined {
    if (this.#open !== undefined) return this.#more(this.#open);
    if (this.bytes < LENGTH_BYTES) return undefined;
    const length = this.#received.peek(LENGTH_BYTES).readUInt32BE(0);
    if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
      throw new PacketError(`Packet length ${length} is out of range`);
    }
    if (this.bytes < HEADER_BYTES) return undefined;
    const header = readHeader(this.#received.peek(HEADER_BYTES));
    if (isStreamData(header, length)) {
      this.#received.drop(HEADER_BYTES);
      return this.#more({ header, left: length - HEADER_BYTES });
    }
    return this.bytes < length ? undefined : this.#nextWhole(header, length);
  }

  #more(open: { readonly header: PacketHeader; left: number }): Packet | undefined {
    this.#open = open;
    if (this.bytes === 0) return undefined;
    const body = this.#received.takePiece(open.left);
    open.left -= body.length;
    if (open.left === 0) this.#open = undefined;
    return { ...open.header, body, fdCount: 0 };
  }

  #nextWhole(header: PacketHeader, length: number): Packet | undefined {
    if (header.type !== PacketType.callWithFds && header.type !== PacketType.replyWithFds)
      return { ...header, body: this.#received.take(length).subarray(HEADER_BYTES), fdCount: 0 };
    const start = this.#received.peek(Math.min(length, HEADER_BYTES + COUNT_BYTES));
    const fdCount = fdCountOf(start.subarray(HEADER_BYTES));
    if (this.bytes < length + fdCount) return undefined;
    const body = this.#received.take(length).subarray(HEADER_BYTES + COUNT_BYTES);
    this.#received.drop(fdCount);
    return { ...header, body, fdCount };
  }
}

function fdCountOf(body: Buffer): number {
  const count = body.length < COUNT_BYTES ? Number.POSITIVE_INFINITY : body.readUInt32BE(0);
  if (count > MAX_FDS) throw new PacketError(`Packet announces ${count} descriptors`);
  return count;
}
