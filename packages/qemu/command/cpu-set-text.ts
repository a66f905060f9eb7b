/** Sets of numbers as QEMU's options write them. */

/** `[0,1,2,5]` -> `["0-2", "5"]`. */
export function ranges(numbers: readonly number[]): string[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const result: string[] = [];
  let index = 0;
  while (index < sorted.length) {
    let end = index;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    const [from, to] = [sorted[index], sorted[end]];
    result.push(from === to ? `${from}` : `${from}-${to}`);
    index = end + 1;
  }
  return result;
}
