/** Sizes as people and libvirt write them: a whole number and a unit. */
import { unitBytes } from "./schema/unit.ts";

/** Bytes of `10GiB`, `512 M`, `1048576`; a bare number counts `assumed`. `undefined` for anything else or beyond 2^53. */
export function parseSize(text: string, assumed = "b"): number | undefined {
  const found = /^\s*(\d+)\s*([A-Za-z]*)\s*$/.exec(text);
  const factor = unitBytes(found?.[2] === "" ? assumed : (found?.[2] ?? assumed));
  if (found?.[1] === undefined || factor === undefined) return undefined;
  const bytes = BigInt(found[1]) * factor;
  return bytes > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(bytes);
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** Bytes in the largest unit that leaves at least one, with up to `digits` decimals: `1.50 GiB`. */
export function formatSize(bytes: number, digits = 2): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(digits)} ${UNITS[unit] ?? ""}`;
}
