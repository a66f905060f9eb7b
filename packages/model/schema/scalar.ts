/** How the value of one attribute or text is read, written and described. */

import type { ErrorKind } from "../error-catalogue.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Scalar<T> {
  /** `undefined`: not a legal value. */
  read(raw: string): T | undefined;
  write(value: T): string;
  /** For documentation: "a non-negative integer". */
  readonly expects: string;
  readonly json: JsonSchema;
  /** What libvirt adds to its message about an illegal value, e.g. "Expected integer value". */
  readonly hint?: string;
  /** Why a certain illegal value is refused, where libvirt words that apart. */
  problem?(raw: string): ScalarProblem | undefined;
  /** A legal word that means the same as leaving the value out. */
  readonly absent?: string;
}

export interface ScalarProblem {
  /** Stands where the value and the hint would: "… in element 'x': Zero is not permitted". */
  readonly reason?: string;
  /** The whole message. */
  readonly message?: string;
  readonly fault?: ErrorKind;
}

/** Any text. */
export const string: Scalar<string> = {
  read: (raw) => raw,
  write: (value) => value,
  expects: "a string",
  json: { type: "string" },
};

const integer = (
  pattern: RegExp,
  {
    expects,
    hint,
    minimum,
    maximum,
  }: Readonly<{ expects: string; hint: string; minimum: number; maximum: number }>,
): Scalar<number> => ({
  read: (raw) => {
    if (!pattern.test(raw)) return undefined;
    const value = toNumber(raw.trim());
    return Number.isSafeInteger(value) && value >= minimum && value <= maximum ? value : undefined;
  },
  write: String,
  expects,
  hint,
  json: { type: "integer", minimum, maximum },
});

/** strtol with base 0 also reads `0x1f`. */
const toNumber = (raw: string): number => {
  const sign = raw.startsWith("-") ? -1 : 1;
  return sign * Number(raw.replace(/^[-+]/, ""));
};

const UNSIGNED = /^\s*\+?(\d+|0[xX][0-9a-fA-F]+)$/;
const SIGNED = /^\s*[-+]?(\d+|0[xX][0-9a-fA-F]+)$/;

/** A whole number from 0 to `maximum`, by default 2^32 - 1. */
export const uintTo = (maximum: number): Scalar<number> =>
  integer(UNSIGNED, {
    expects: "a non-negative integer",
    hint: "Expected non-negative integer value",
    minimum: 0,
    maximum,
  });
export const uint: Scalar<number> = uintTo(0xffff_ffff);
/** A whole number that libvirt keeps in 64 bits; exact here up to 2^53 - 1. */
export const ulong: Scalar<number> = uintTo(Number.MAX_SAFE_INTEGER);
export const int: Scalar<number> = integer(SIGNED, {
  expects: "an integer",
  hint: "Expected integer value",
  minimum: -0x8000_0000,
  maximum: 0x7fff_ffff,
});
/** An integer that libvirt keeps signed but takes from 0 upwards. */
export const natural: Scalar<number> = {
  ...integer(SIGNED, {
    expects: "a non-negative integer",
    hint: "Expected non-negative value",
    minimum: 0,
    maximum: 0x7fff_ffff,
  }),
  problem: (raw) => (SIGNED.test(raw) ? undefined : { reason: `'${raw}'. Expected integer value` }),
};
/** A signed whole number that libvirt keeps in 64 bits; exact here up to 2^53 - 1. */
export const long: Scalar<number> = integer(SIGNED, {
  expects: "an integer",
  hint: "Expected integer value",
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
});
/** At least 1. */
export const positive: Scalar<number> = {
  ...uint,
  read: (raw) => uint.read(raw) || undefined,
  problem: (raw) => (uint.read(raw) === 0 ? { reason: "Zero is not permitted" } : undefined),
  expects: "a positive integer",
  json: { ...uint.json, minimum: 1 },
};

/** Hexadecimal as libvirt prints it: `0x`, zero-padded to `digits`. Reads decimal as well. */
export const hex = (digits: number, maximum = 0xffff_ffff): Scalar<number> => ({
  ...uintTo(maximum),
  write: (value) => `0x${value.toString(16).padStart(digits, "0")}`,
  expects: "a hexadecimal number",
});

/** A 64-bit number whose value does not fit in a JavaScript number: kept as the text libvirt would print. */
export const hex64: Scalar<string> = {
  read: (raw) => (UNSIGNED.test(raw) ? `0x${BigInt(raw.trim()).toString(16)}` : undefined),
  write: (value) => value,
  expects: "a hexadecimal number of up to 64 bits",
  json: { type: "string", pattern: "^0x[0-9a-f]{1,16}$" },
};

/** Exactly one of the words. */
export const oneOf = <const V extends readonly string[]>(...values: V): Scalar<V[number]> => ({
  read: (raw) => values.find((value) => value === raw),
  write: (value) => value,
  expects: `one of ${values.map((value) => `\`${value}\``).join(", ")}`,
  json: { enum: values },
});

/** Accepts `word` too, and treats it as absent: many of libvirt's enumerations have a `default` that is never printed. */
export const unless = <T>(word: string, scalar: Scalar<T>): Scalar<T> => ({
  ...scalar,
  absent: word,
});

const twoWords = (yes: string, no: string): Scalar<boolean> => ({
  read: (raw) => (raw === yes ? true : raw === no ? false : undefined),
  write: (value) => (value ? yes : no),
  expects: `\`${yes}\` or \`${no}\``,
  json: { type: "boolean" },
});
export const yesNo: Scalar<boolean> = twoWords("yes", "no");
export const onOff: Scalar<boolean> = twoWords("on", "off");

/** Text that `read` brings into one form; `undefined` refuses it. */
export const stringWhere = (
  expects: string,
  read: (raw: string) => string | undefined,
): Scalar<string> => ({ ...string, read, expects });
