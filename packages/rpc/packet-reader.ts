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

const LENGTH_BYTES = 4;

/** Data of a stream goes on as it comes: whoever takes it does not care where packets begin. */
const isStreamData = ({ type, status }: PacketHeader, length: number): boolean =>
  type === PacketType.stream && status === PacketStatus.continue && length > HEADER_BYTES;

/**
 * Cuts a byte stream into packets. What has arrived is kept in pieces and joined once per packet; a
 * length is checked as soon as its word is there. The data of a stream is not joined: a packet of it
 * comes out as several with the same header, each with the bytes that are there.
 *
 * Descriptors travel on one extra byte each behind the packet. Node's sockets drop the descriptors;
 * the bytes are skipped here, so that such a call can at least be answered.
 */
export class PacketReader {
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Whether the last piece is. */
  #lent = false;
  /** Stream data of which not all has come out. */
  #open: { readonly header: PacketHeader; left: number } | undefined;

  /** Bytes that wait to be taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Add received bytes. A lent piece is somebody else's: `keep` before its memory is used again. */
  push(piece: Buffer, lent = false): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    this.#lent = lent;
  }

  /** Copy what waits of the lent piece. */
  keep(): void {
    if (!this.#lent) return;
    this.#lent = false;
    const last = this.#pieces.pop();
    if (last !== undefined) this.#pieces.push(Buffer.from(last));
  }

  /** Take the next whole packet, if it has arrived. Throws PacketError on an impossible length. */
  next(): Packet | undefined {
    if (this.#open !== undefined) return this.#more(this.#open);
    if (this.#bytes < LENGTH_BYTES) return undefined;
    const length = this.#peek(LENGTH_BYTES).readUInt32BE(0);
    if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
      throw new PacketError(`Packet length ${length} is out of range`);
    }
    if (this.#bytes < HEADER_BYTES) return undefined;
    const header = readHeader(this.#peek(HEADER_BYTES));
    if (isStreamData(header, length)) {
      this.#drop(HEADER_BYTES);
      return this.#more({ header, left: length - HEADER_BYTES });
    }
    return this.#bytes < length ? undefined : this.#nextWhole(length);
  }

  #more(open: { readonly header: PacketHeader; left: number }): Packet | undefined {
    this.#open = open;
    const [first] = this.#pieces;
    if (first === undefined) return undefined;
    const body = first.subarray(0, open.left);
    this.#drop(body.length);
    open.left -= body.length;
    if (open.left === 0) this.#open = undefined;
    return { ...open.header, body, fdCount: 0 };
  }

  #nextWhole(length: number): Packet | undefined {
    // what is decoded may go on pointing into the packet
    this.keep();
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
    this.#lent = false;
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
