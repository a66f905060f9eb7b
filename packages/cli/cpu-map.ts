/** The first `length` bits of a map, lowest first. */
export const readBitmap = (bytes: Uint8Array, length: number): boolean[] =>
  Array.from({ length }, (_, bit) => (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1);

/** `0-3,6`: the numbers whose bit is set. */
export function formatRanges(map: readonly boolean[]): string {
  const ranges: string[] = [];
  for (let begin = 0; begin < map.length; begin++) {
    if (!map[begin]) continue;
    let end = begin;
    while (map[end + 1]) end += 1;
    ranges.push(begin === end ? String(begin) : `${begin}-${end}`);
    begin = end;
  }
  return ranges.join(",");
}
