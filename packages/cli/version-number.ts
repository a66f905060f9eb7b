/** A version as libvirt numbers it, 1000000 * major + 1000 * minor + release, as `9.0.0`. */
export function formatVersion(version: bigint): string {
  const number = Number(version);
  const minor = Math.floor(number / 1000) % 1000;
  return `${Math.floor(number / 1_000_000)}.${minor}.${number % 1000}`;
}
