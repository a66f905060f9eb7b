const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** A size in bytes in the largest unit that keeps it above one, as virsh's `--human` shows it. */
export function prettySize(bytes: bigint): { readonly value: number; readonly unit: string } {
  let power = 0;
  while (power < units.length - 1 && bytes >> BigInt(10 * (power + 1)) > 0n) power += 1;
  return { value: Number(bytes) / 1024 ** power, unit: units[power] ?? "bytes" };
}

/** `1.000 GiB`: with so many decimals, for bytes, too. */
export function formatSize(bytes: bigint, decimals = 3): string {
  const { value, unit } = prettySize(bytes);
  return `${value.toFixed(decimals)} ${unit}`;
}
