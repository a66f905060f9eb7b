/** A packet in fields, and as the bytes of an Ethernet frame. */
import { isIPv6 } from "node:net";

export interface Packet {
  readonly src: string;
  readonly dst: string;
  /** EtherType of what is inside, behind a VLAN's tag if there is one. */
  readonly type: number;
  readonly vlan?: number;
  readonly arp?: Arp;
  readonly stp?: Readonly<Record<string, number | string>>;
  readonly ip?: Ip;
}
interface Arp {
  readonly hwtype: number;
  readonly protocol: number;
  readonly opcode: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}
export interface Ip {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly dscp: number;
  readonly sport: number;
  readonly dport: number;
  readonly tcpFlags: number;
  /** Of ICMP. */
  readonly type: number;
  readonly code: number;
}

const VLAN = 0x8100;
const STP_SIZE = 35;
const TCP = 6;
const UDP = 17;
const UDPLITE = 136;
const SCTP = 132;
const AH = 51;
/** A protocol that nobody has. */
const EXPERIMENT = 253;
const ICMP = 1;
const ICMP6 = 58;
const IP4 = 0x0800;
const IP6 = 0x86dd;

const u8 = (value: number): Buffer => Buffer.from([value & 0xff]);
const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(":", ""), "hex");
const ip4Bytes = (ip: string): Buffer => Buffer.from(ip.split(".").map(Number));

/** Any spelling of an address of IPv6. */
function ip6Bytes(ip: string): Buffer {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(ip);
  const four = dotted?.[2] === undefined ? Buffer.alloc(0) : ip4Bytes(dotted[2]);
  const words = (text: string): Buffer =>
    Buffer.concat(
      text
        .split(":")
        .filter((word) => word !== "")
        .map((word) => u16(Number.parseInt(word, 16))),
    );
  const [head = "", tail] = (dotted?.[1] ?? ip).split("::");
  const [front, back] = [words(head), Buffer.concat([words(tail ?? ""), four])];
  return Buffer.concat([front, Buffer.alloc(16 - front.length - back.length), back]);
}
export const ipBytes = (ip: string): Buffer => (isIPv6(ip) ? ip6Bytes(ip) : ip4Bytes(ip));

/** Of the Internet: the complement of the sum of words. */
export function internetChecksum(data: Buffer): number {
  const even = data.length % 2 === 0 ? data : Buffer.concat([data, u8(0)]);
  let sum = 0;
  for (let at = 0; at < even.length; at += 2) sum += even.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** CRC of SCTP, bit by bit. */
function crc32c(data: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

/** With its checksum at `at`, over the pseudo header too. */
function summed(segment: Buffer, { src, dst, protocol }: Ip, at: number): Buffer {
  const pseudo = Buffer.concat([ipBytes(src), ipBytes(dst), u32(segment.length), u32(protocol)]);
  const result = Buffer.from(segment);
  result.writeUInt16BE(internetChecksum(Buffer.concat([pseudo, segment])) || 0xffff, at);
  return result;
}

function icmp(ip: Ip, payload: Buffer): Buffer {
  const plain = Buffer.concat([u8(ip.type), u8(ip.code), u16(0), u16(ip.sport), u16(1), payload]);
  if (ip.protocol === ICMP6) return summed(plain, ip, 2);
  plain.writeUInt16BE(internetChecksum(plain), 2);
  return plain;
}

function sctp({ sport, dport }: Ip, payload: Buffer): Buffer {
  // an association is begun; what follows its fixed part is a parameter that may be skipped
  const parameter = Buffer.concat([u16(0x8008), u16(4 + payload.length), payload]);
  const fixed = [u32(1), u32(0xffff), u16(1), u16(1), u32(1)];
  const chunk = [u8(1), u8(0), u16(20 + parameter.length), ...fixed, parameter];
  const segment = Buffer.concat([u16(sport), u16(dport), u32(0), u32(0), ...chunk]);
  segment.writeUInt32LE(crc32c(segment), 8);
  return segment;
}

function segmentOf(ip: Ip, payload: Buffer): Buffer {
  const ports = [u16(ip.sport), u16(ip.dport)];
  switch (ip.protocol) {
    case TCP: {
      const rest = [u32(1), u32(1), u8(0x50), u8(ip.tcpFlags), u16(1024), u16(0), u16(0)];
      return summed(Buffer.concat([...ports, ...rest, payload]), ip, 16);
    }
    case UDP:
      return summed(Buffer.concat([...ports, u16(8 + payload.length), u16(0), payload]), ip, 6);
    case UDPLITE:
      return summed(Buffer.concat([...ports, u16(0), u16(0), payload]), ip, 6);
    case SCTP:
      return sctp(ip, payload);
    case ICMP:
    case ICMP6:
      return icmp(ip, payload);
    case AH: {
      const head = [u8(EXPERIMENT), u8(4), u16(0), u32(1), u32(1), Buffer.alloc(12)];
      return Buffer.concat([...head, payload]);
    }
    default:
      return Buffer.concat([...ports, u32(0), payload]);
  }
}

function ipPacket(ip: Ip, payload: Buffer): Buffer {
  const segment = segmentOf(ip, payload);
  const [src, dst] = [ipBytes(ip.src), ipBytes(ip.dst)];
  if (isIPv6(ip.src)) {
    const first = u32(0x6000_0000 + ip.dscp * 0x40_0000);
    return Buffer.concat([first, u16(segment.length), u8(ip.protocol), u8(64), src, dst, segment]);
  }
  const head = [u8(0x45), u8(ip.dscp << 2), u16(20 + segment.length), u32(0), u8(64)];
  const header = Buffer.concat([...head, u8(ip.protocol), u16(0), src, dst]);
  header.writeUInt16BE(internetChecksum(header), 10);
  return Buffer.concat([header, segment]);
}

/** Where each field of a spanning-tree message is, behind the Ethernet header, and its size. */
const STP_FIELDS: Readonly<Record<string, readonly [at: number, size: number]>> = {
  type: [6, 1],
  flags: [7, 1],
  "root-priority": [8, 2],
  "root-address": [10, 6],
  "root-cost": [16, 4],
  "sender-priority": [20, 2],
  "sender-address": [22, 6],
  port: [28, 2],
  age: [30, 2],
  "max-age": [32, 2],
  "hello-time": [34, 2],
  "forward-delay": [36, 2],
};

function stpMessage(fields: Readonly<Record<string, number | string>>): Buffer {
  const message = Buffer.alloc(3 + STP_SIZE);
  message.set([0x42, 0x42, 0x03]); // LLC
  for (const [name, value] of Object.entries(fields)) {
    const [at = 0, size = 0] = STP_FIELDS[name] ?? [];
    if (typeof value === "string") message.set(macBytes(value), at);
    else message.writeUIntBE(value, at, size);
  }
  return message;
}

function arpMessage(arp: Arp): Buffer {
  const kind = [u16(arp.hwtype), u16(arp.protocol), u8(6), u8(4), u16(arp.opcode)];
  const sender = [macBytes(arp.senderMac), ip4Bytes(arp.senderIp)];
  return Buffer.concat([...kind, ...sender, macBytes(arp.targetMac), ip4Bytes(arp.targetIp)]);
}

/** The frame; its last four bytes are the number. */
export function frameOf(packet: Packet, number: number): Buffer {
  const { src, dst, type, vlan, arp, stp, ip } = packet;
  const id = u32(number);
  const macs = [macBytes(dst), macBytes(src)];
  if (stp !== undefined) {
    const message = stpMessage(stp);
    return Buffer.concat([...macs, u16(message.length), message, Buffer.alloc(8), id]);
  }
  const tag = vlan === undefined ? [] : [u16(VLAN), u16(vlan)];
  const isIp = ip !== undefined && (type === IP4 || type === IP6);
  const inside = isIp ? ipPacket(ip, Buffer.concat([Buffer.alloc(28), id])) : undefined;
  const rest = inside ?? Buffer.concat([arp === undefined ? Buffer.alloc(42) : arpMessage(arp)]);
  const padding = inside === undefined ? [Buffer.alloc(14), id] : [];
  return Buffer.concat([...macs, ...tag, u16(type), rest, ...padding]);
}
