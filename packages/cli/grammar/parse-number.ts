import type { NumberOption } from "../catalog/option.ts";
import { GrammarError } from "./grammar-error.ts";

const limits = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  uint: [-(2n ** 31n), 2n ** 32n - 1n],
  long: [-(2n ** 63n), 2n ** 64n - 1n],
} as const;

/** Bytes of one unit: `k`, `KiB` count 1024, `KB` counts 1000, nothing counts `scale`. */
const units = "kmgtpe";

/**
 * A number as virsh reads it: decimal, 0x hexadecimal or 0 octal; a `size` in bytes.
 * @throws GrammarError naming the option when the word is no such number
 */
export function parseNumber(option: NumberOption, name: string, word: string): number | bigint {
  if (option.number === "size") {
    const size = parseSize(word, option.scale);
    if (size === undefined) throw malformed("Scaled numeric value", name, word);
    return size;
  }
  const value = integer(word);
  const [low, high] = limits[option.number];
  if (value === undefined || value < low || value > high)
    throw malformed("Numeric value", name, word);
  if (option.number === "long") return BigInt.asUintN(64, value);
  return option.number === "uint" ? Number(BigInt.asUintN(32, value)) : Number(value);
}

/** A size with a unit in bytes; a bare number counts `scale`. Undefined when it is no size. */
export function parseSize(word: string, scale: number): bigint | undefined {
  const match = /^\s*(\d+|0x[\da-f]+)\s*([a-z]*)$/i.exec(word);
  const value = integer(match?.[1] ?? "");
  const factor = unitFactor((match?.[2] ?? "").toLowerCase(), scale);
  if (value === undefined || factor === undefined) return undefined;
  const bytes = value * factor;
  return bytes > 2n ** 64n - 1n ? undefined : bytes;
}

function unitFactor(unit: string, scale: number): bigint | undefined {
  if (unit === "") return BigInt(scale);
  if (unit === "b" || unit === "byte" || unit === "bytes") return 1n;
  const power = units.indexOf(unit.charAt(0)) + 1;
  const rest = unit.slice(1);
  if (power === 0) return undefined;
  if (rest === "" || rest === "ib") return 1024n ** BigInt(power);
  return rest === "b" ? 1000n ** BigInt(power) : undefined;
}

function integer(word: string): bigint | undefined {
  const match = /^\s*([-+]?)(0x[\da-f]+|\d+)$/i.exec(word);
  const digits = match?.[2];
  if (digits === undefined) return undefined;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return match?.[1] === "-" ? -value : value;
}

const malformed = (what: string, name: string, word: string): GrammarError =>
  new GrammarError(`${what} '${word}' for <${name}> option is malformed or out of range`);
