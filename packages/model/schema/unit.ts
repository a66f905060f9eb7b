/** Sizes written with a unit: `<memory unit='MiB'>512</memory>`. */

export interface Unit {
  /** As printed in `unit=`. */
  readonly name: string;
  readonly bytes: number;
  /** Sizes that are no whole number of it are kept as fractions; else they are rounded up. */
  readonly exact?: boolean;
}
export const BYTES: Unit = { name: "bytes", bytes: 1 };
export const KIB: Unit = { name: "KiB", bytes: 1024 };
export const MIB: Unit = { name: "MiB", bytes: 1024 ** 2 };

const LETTERS = "kmgtpe";

/** Bytes of one unit, by libvirt's words: `b`, `bytes`, `KiB`, `K`, `KB`, ...; `undefined` for others. */
export function unitBytes(word: string): bigint | undefined {
  const lower = word.toLowerCase();
  if (lower === "" || lower === "b" || lower === "byte" || lower === "bytes") return 1n;
  const power = LETTERS.indexOf(lower[0] ?? "?") + 1;
  const rest = lower.slice(1);
  if (power === 0) return undefined;
  if (rest === "" || rest === "ib") return 1024n ** BigInt(power);
  return rest === "b" ? 1000n ** BigInt(power) : undefined;
}

/** A size in the largest unit that divides it: 4096 KiB is 4 MiB. */
export function prettySize(
  value: number,
  unit: Unit,
): { readonly value: number; readonly unit: string } {
  let size = value;
  let power = Math.round(Math.log2(unit.bytes) / 10);
  for (; size !== 0 && size % 1024 === 0 && power < LETTERS.length; power += 1) size /= 1024;
  return {
    value: size,
    unit: power === 0 ? BYTES.name : `${(LETTERS[power - 1] ?? "").toUpperCase()}iB`,
  };
}

/** Why a scaled size is refused. */
export type ScaleProblem = "number" | "unit" | "range";

/** `raw` counted in `word` (or in `assumed`), as a whole number of `unit`, rounded up. */
export function scale(
  raw: string,
  { word, assumed, unit }: { word: string | undefined; assumed: Unit; unit: Unit },
): number | ScaleProblem {
  if (!/^\s*\+?\d+$/.test(raw)) return "number";
  const factor = word === undefined ? BigInt(assumed.bytes) : unitBytes(word);
  if (factor === undefined) return "unit";
  const bytes = BigInt(raw.trim().replace("+", "")) * factor;
  if (unit.exact === true) return Number(bytes) / unit.bytes;
  const whole = BigInt(unit.bytes);
  const value = (bytes + whole - 1n) / whole;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? "range" : Number(value);
}
