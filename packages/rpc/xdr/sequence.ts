/** Types with a length: text, bytes, characters, arrays. The limit stands beside each declaration. */
import { XdrError } from "./xdr-error.ts";
import type { XdrReader } from "./xdr-reader.ts";
import type { XdrType } from "./xdr-type.ts";
import type { XdrWriter } from "./xdr-writer.ts";

function refuseAbove(max: number, length: number, what: string): void {
  if (length > max) throw new XdrError(`${what} of length ${length} exceeds the limit of ${max}`);
}

/** UTF-8 text of at most `max` bytes. A NUL inside is refused: C peers would see another text. */
export function string(max: number): XdrType<string> {
  return {
    layout: { kind: "string", max },
    minBytes: 4,
    write: (out, value) => {
      const length = Buffer.byteLength(value);
      refuseAbove(max, length, "String");
      if (value.includes("\0")) throw new XdrError("String contains a NUL character");
      out.uint32(length);
      out.text(value, length);
    },
    read: (input) => readText(input.view(input.count(max, 1))),
  };
}

function readText(bytes: Buffer): string {
  if (bytes.includes(0)) throw new XdrError("String contains a NUL character");
  return bytes.toString("utf8");
}

/** At most `max` bytes. What is read is a copy, so that it does not keep a whole packet alive. */
export function opaque(max: number): XdrType<Buffer> {
  return {
    layout: { kind: "opaque", max },
    minBytes: 4,
    write: (out, value) => {
      refuseAbove(max, value.length, "Byte sequence");
      out.uint32(value.length);
      out.bytes(value);
    },
    read: (input) => Buffer.from(input.view(input.count(max, 1))),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** A UUID: 16 bytes on the wire, its usual lower-case text in TypeScript. */
export const uuid: XdrType<string> = {
  layout: { kind: "opaque", size: 16 },
  minBytes: 16,
  write: (out, value) => {
    if (!UUID.test(value)) throw new XdrError(`'${value}' is no UUID`);
    out.bytes(Buffer.from(value.replaceAll("-", ""), "hex"));
  },
  read: (input) => {
    const hex = input.view(16).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
};

/** At most `max` elements. */
export function array<T>(element: XdrType<T>, max: number): XdrType<readonly T[]> {
  return {
    layout: { kind: "array", element: element.layout, max },
    minBytes: 4,
    write: (out, value) => {
      refuseAbove(max, value.length, "Array");
      out.uint32(value.length);
      for (const item of value) element.write(out, item);
    },
    read: (input) => {
      const count = input.count(max, element.minBytes);
      return Array.from({ length: count }, () => element.read(input));
    },
  };
}

/** Exactly `size` characters, one word each: text that ends at its first NUL. */
export function charArray(size: number): XdrType<string> {
  return {
    layout: { kind: "array", element: { kind: "char" }, size },
    minBytes: 4 * size,
    write: (out, value) => {
      const bytes = Buffer.alloc(size);
      refuseAbove(size, Buffer.byteLength(value), "Text");
      bytes.write(value);
      writeChars(out, bytes);
    },
    read: (input) => cText(readChars(input, size)),
  };
}

/** At most `max` characters, one word each. The bytes are kept as they are: see `cBytes` and `cText`. */
export function chars(max: number): XdrType<Buffer> {
  return {
    layout: { kind: "array", element: { kind: "char" }, max },
    minBytes: 4,
    write: (out, value) => {
      refuseAbove(max, value.length, "Character sequence");
      out.uint32(value.length);
      writeChars(out, value);
    },
    read: (input) => readChars(input, input.count(max, 4)),
  };
}

// `char` is signed for rpcgen's C code: a byte above 127 is sign-extended to its word
function writeChars(out: XdrWriter, bytes: Buffer): void {
  for (const byte of bytes) out.int32((byte << 24) >> 24);
}

function readChars(input: XdrReader, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i++) bytes[i] = input.int32() & 0xff;
  return bytes;
}

/** Text as libvirt sends security models and labels: its bytes and the terminating NUL. */
export const cBytes = (text: string): Buffer => Buffer.from(`${text}\0`);

/** The text before the first NUL. */
export function cText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}
