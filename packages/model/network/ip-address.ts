/** IPv4 and IPv6 addresses: reading, printing as inet_ntop does, and arithmetic of networks. */
import { type Scalar, stringWhere } from "../schema/scalar.ts";

export interface IpAddress {
  readonly family: "ipv4" | "ipv6";
  /** 32 or 128 bits. */
  readonly bits: bigint;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function v4Bits(text: string): bigint | undefined {
  const parts = V4.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** The 16-bit groups of one side of `::`; a dotted tail counts as two. */
function groups(text: string): readonly bigint[] | undefined {
  if (text === "") return [];
  const found: bigint[] = [];
  const parts = text.split(":");
  for (const [at, part] of parts.entries()) {
    const dotted = at === parts.length - 1 ? v4Bits(part) : undefined;
    if (dotted !== undefined) found.push(dotted >> 16n, dotted & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return found;
}

function v6Bits(text: string): bigint | undefined {
  const sides = text.split("::");
  if (sides.length > 2) return undefined;
  const head = groups(sides[0] ?? "");
  const tail = groups(sides[1] ?? "");
  if (head === undefined || tail === undefined) return undefined;
  const gap = 8 - head.length - tail.length;
  if (sides.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const zeros = Array.from({ length: gap }, () => 0n);
  return [...head, ...zeros, ...tail].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** `undefined`: no numeric address. */
export function parseIp(text: string): IpAddress | undefined {
  const v4 = v4Bits(text);
  if (v4 !== undefined) return { family: "ipv4", bits: v4 };
  const v6 = text.includes(":") ? v6Bits(text) : undefined;
  return v6 === undefined ? undefined : { family: "ipv6", bits: v6 };
}

const v4Text = (bits: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join(".");

/** Start and length of the longest run of at least two zero groups; the first of several. */
function longestZeros(parts: readonly bigint[]): { at: number; length: number } {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < parts.length; at += 1) {
    let length = 0;
    while (parts[at + length] === 0n) length += 1;
    if (length > best.length) best = { at, length };
  }
  return best;
}

function v6Text(bits: bigint): string {
  // the mapped (::ffff:a.b.c.d) and compatible (::a.b.c.d) forms keep their dotted tail
  if (bits >> 32n === 0xffffn) return `::ffff:${v4Text(bits & 0xffff_ffffn)}`;
  if (bits >> 32n === 0n && bits >> 16n !== 0n) return `::${v4Text(bits)}`;
  const parts = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((at) => (bits >> (at * 16n)) & 0xffffn);
  const hex = parts.map((part) => part.toString(16));
  const { at, length } = longestZeros(parts);
  return at < 0
    ? hex.join(":")
    : `${hex.slice(0, at).join(":")}::${hex.slice(at + length).join(":")}`;
}

export const formatIp = ({ family, bits }: IpAddress): string =>
  family === "ipv4" ? v4Text(bits) : v6Text(bits);

/** Bits of an address of the family. */
export const ipWidth = (family: IpAddress["family"]): number => (family === "ipv4" ? 32 : 128);

/** The mask with `prefix` leading ones. */
export function maskOf(family: IpAddress["family"], prefix: number): bigint {
  const width = BigInt(ipWidth(family));
  return ((1n << BigInt(prefix)) - 1n) << (width - BigInt(prefix));
}

/** Length of the prefix a mask stands for; `undefined` when its ones are not all in front. */
export function prefixOfMask({ family, bits }: IpAddress): number | undefined {
  const width = ipWidth(family);
  for (let prefix = 0; prefix <= width; prefix += 1)
    if (maskOf(family, prefix) === bits) return prefix;
  return undefined;
}

/** The address with everything behind the prefix zero. */
export const networkOf = ({ family, bits }: IpAddress, prefix: number): IpAddress => ({
  family,
  bits: bits & maskOf(family, prefix),
});

/** Any address, printed in one form. */
export const ip: Scalar<string> = stringWhere("an IP address", (text) => {
  const address = parseIp(text);
  return address && formatIp(address);
});
