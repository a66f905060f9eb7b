/** XDR's numbers. 64-bit integers are bigint; everything narrower than a word travels as one word. */
import type { ScalarKind } from "./layout.ts";
import { XdrError } from "./xdr-error.ts";
import type { XdrType } from "./xdr-type.ts";

/** A range that values are checked against before they are written. */
interface Range<T> {
  readonly low: T;
  readonly high: T;
}

function checked<T extends number | bigint>(kind: ScalarKind, range: Range<T>, value: T): T {
  const whole = typeof value === "bigint" || Number.isInteger(value);
  if (!whole || value < range.low || value > range.high) {
    throw new XdrError(`${String(value)} is no value of type ${kind}`);
  }
  return value;
}

/** A signed word; reading applies `narrow`, as C does when it stores into a smaller type. */
function signedWord(
  kind: ScalarKind,
  range: Range<number>,
  narrow = (word: number): number => word,
): XdrType<number> {
  return {
    layout: { kind },
    minBytes: 4,
    write: (out, value) => {
      out.int32(checked(kind, range, value));
    },
    read: (input) => narrow(input.int32()),
  };
}

/** An unsigned word. */
function unsignedWord(kind: ScalarKind, high: number): XdrType<number> {
  return {
    layout: { kind },
    minBytes: 4,
    write: (out, value) => {
      out.uint32(checked(kind, { low: 0, high }, value));
    },
    // `high` is a mask as well: all ones
    read: (input) => (input.uint32() & high) >>> 0,
  };
}

const INT32: Range<number> = { low: -0x8000_0000, high: 0x7fff_ffff };

/** C `int`. */
export const int32 = signedWord("int", INT32);
/** C `unsigned int`. */
export const uint32 = unsignedWord("uint", 0xffff_ffff);
/** C `char`, one word; signed, as where libvirt runs. */
export const char = signedWord("char", { low: -0x80, high: 0x7f }, (word) => (word << 24) >> 24);
/** C `unsigned char`, one word. */
export const uchar = unsignedWord("uchar", 0xff);
/** C `unsigned short`, one word. */
export const ushort = unsignedWord("ushort", 0xffff);
/** An enumeration: any value passes, as in rpcgen's code. */
export const enumeration = signedWord("enum", INT32);

const INT64: Range<bigint> = { low: -(1n << 63n), high: (1n << 63n) - 1n };
const UINT64: Range<bigint> = { low: 0n, high: (1n << 64n) - 1n };

/** Signed 64-bit integer. */
export const hyper: XdrType<bigint> = {
  layout: { kind: "hyper" },
  minBytes: 8,
  write: (out, value) => {
    out.hyper(checked("hyper", INT64, value));
  },
  read: (input) => input.hyper(),
};

/** Unsigned 64-bit integer. */
export const uhyper: XdrType<bigint> = {
  layout: { kind: "uhyper" },
  minBytes: 8,
  write: (out, value) => {
    out.unsignedHyper(checked("uhyper", UINT64, value));
  },
  read: (input) => input.unsignedHyper(),
};

/** IEEE 754 double. */
export const double: XdrType<number> = {
  layout: { kind: "double" },
  minBytes: 8,
  write: (out, value) => {
    out.double(value);
  },
  read: (input) => input.double(),
};

/** No bytes at all: the arguments or result of a procedure that has none. */
export const none: XdrType<void> = {
  layout: { kind: "void" },
  minBytes: 0,
  write: () => undefined,
  read: () => undefined,
};
