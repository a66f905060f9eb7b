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

/** The map of a list such as `0-3,^2`; undefined when it is malformed or beyond `length`. */
export function parseRanges(list: string, length: number): boolean[] | undefined {
  const map = Array<boolean>(length).fill(false);
  for (const part of list.split(",")) {
    const match = /^(\^?)(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (match === null) return undefined;
    const first = Number(match[2]);
    const last = Number(match[3] ?? first);
    if (last < first || last >= length) return undefined;
    map.fill(match[1] === "", first, last + 1);
  }
  return map;
}

/** Bits as bytes, lowest first. */
export function writeBitmap(map: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(map.length / 8));
  for (const [bit, set] of map.entries())
    if (set) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  return bytes;
}
