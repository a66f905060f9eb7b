/** The frame around every message: a length, six header words, a body. */
import { XdrError } from "./xdr/xdr-error.ts";
import { encode, type XdrType } from "./xdr/xdr-type.ts";

/** What a packet is. */
export const PacketType = {
  call: 0,
  reply: 1,
  message: 2,
  stream: 3,
  callWithFds: 4,
  replyWithFds: 5,
  streamHole: 6,
} as const;

/** Outcome of a call, or place in a stream. */
export const PacketStatus = { ok: 0, error: 1, continue: 2 } as const;

/** Length word and six header words. */
export const HEADER_BYTES = 28;
/** Longest packet, length word included: 32 MiB after it. */
export const MAX_PACKET_BYTES = 33_554_436;
/** Longest stream payload that libvirt sends in one packet; it accepts more. */
export const STREAM_PAYLOAD_BYTES = 262_120;
/** Most descriptors with one packet. */
export const MAX_FDS = 32;

/** The header words. `type` and `status` are kept as numbers: a peer may send unknown ones. */
export interface PacketHeader {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

/** One received packet. */
export interface Packet extends PacketHeader {
  /** What follows the header, without the descriptor count. */
  readonly body: Buffer;
  /** Descriptors announced with it. */
  readonly fdCount: number;
}

/** Bytes that are no packet: the connection cannot go on. */
export class PacketError extends Error {
  override readonly name = "PacketError";
}

/** Encode header and body into one buffer. Throws XdrError when the value breaks a limit. */
export function encodePacket<T>(header: PacketHeader, type: XdrType<T>, body: T): Buffer {
  const packet = encode(type, body, { limit: MAX_PACKET_BYTES, headroom: HEADER_BYTES });
  writeHeader(packet, header);
  return packet;
}

const EMPTY = Buffer.alloc(0);

/** A packet whose body is raw bytes (stream data) or empty; made in `room` when that is given. */
export function rawPacket(header: PacketHeader, body: Uint8Array = EMPTY, room?: Buffer): Buffer {
  const length = HEADER_BYTES + body.length;
  if (length > MAX_PACKET_BYTES) throw new XdrError(`Packet exceeds ${MAX_PACKET_BYTES} bytes`);
  const packet = room?.subarray(0, length) ?? Buffer.allocUnsafe(length);
  writeHeader(packet, header);
  packet.set(body, HEADER_BYTES);
  return packet;
}

function writeHeader(packet: Buffer, header: PacketHeader): void {
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt32BE(header.program, 4);
  packet.writeUInt32BE(header.version, 8);
  packet.writeInt32BE(header.procedure, 12);
  packet.writeUInt32BE(header.type, 16);
  packet.writeUInt32BE(header.serial, 20);
  packet.writeUInt32BE(header.status, 24);
}

/** The header of a whole packet. */
export const readHeader = (packet: Buffer): PacketHeader => ({
  program: packet.readUInt32BE(4),
  version: packet.readUInt32BE(8),
  procedure: packet.readInt32BE(12),
  type: packet.readUInt32BE(16),
  serial: packet.readUInt32BE(20),
  status: packet.readUInt32BE(24),
});
