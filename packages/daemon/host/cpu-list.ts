/** The kernel's lists of numbers, such as `0-3,8`. */

/** Numbers in ascending order; none for an empty list. */
export function parseCpuList(text: string): readonly number[] {
  const numbers = text
    .trim()
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
  return numbers.toSorted((a, b) => a - b);
}
