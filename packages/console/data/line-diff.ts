/** What was taken out of a text and what was put in, line by line. Pure. */

export interface DiffLine {
  readonly side: "same" | "old" | "new";
  readonly text: string;
}

/** Beyond so many pairs of lines the middle is told as all old, then all new. */
const PAIRS = 4_000_000;

/** Lengths of the longest common rest, for each place in both texts. */
function commonRests(
  old: readonly string[],
  now: readonly string[],
): (a: number, b: number) => number {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      table[a * width + b] =
        old[a] === now[b]
          ? (table[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(table[(a + 1) * width + b] ?? 0, table[a * width + b + 1] ?? 0);
  return (a, b) => table[a * width + b] ?? 0;
}

function middle(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  const [taken, put] = [
    old.map((text): DiffLine => ({ side: "old", text })),
    now.map((text): DiffLine => ({ side: "new", text })),
  ];
  if (old.length * now.length > PAIRS) return [...taken, ...put];
  const rest = commonRests(old, now);
  const lines: DiffLine[] = [];
  let [a, b] = [0, 0];
  while (a < old.length && b < now.length)
    if (old[a] === now[b]) {
      lines.push({ side: "same", text: old[a] ?? "" });
      a += 1;
      b += 1;
    } else if (rest(a + 1, b) >= rest(a, b + 1)) lines.push(...taken.slice(a, ++a));
    else lines.push(...put.slice(b, ++b));
  return [...lines, ...taken.slice(a), ...put.slice(b)];
}

const same = (lines: readonly string[]): readonly DiffLine[] =>
  lines.map((text) => ({ side: "same", text }));

/** All lines of both, in their order. */
export function lineDiff(oldText: string, newText: string): readonly DiffLine[] {
  const [old, now] = [oldText.split("\n"), newText.split("\n")];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...same(old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ];
}

/** Only what changed, with a few lines around it; `undefined` stands for what was left out. */
export function around(lines: readonly DiffLine[], context = 3): readonly (DiffLine | undefined)[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ side }) => side !== "same"),
  );
  return lines.flatMap((line, at) => {
    if (isNear[at] === true) return [line];
    return at === 0 || isNear[at - 1] === true ? [undefined] : [];
  });
}
