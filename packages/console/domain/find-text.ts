/** Finds text in what a terminal keeps. Pure. */

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The nearest place above `before`, from the end again when there is none; capitals do not matter. */
export function findAbove(
  lines: readonly string[],
  text: string,
  before: Place | undefined,
): Place | undefined {
  const wanted = text.toLowerCase();
  if (wanted === "") return undefined;
  const start = before ?? { line: lines.length - 1, column: Number.POSITIVE_INFINITY };
  for (let line = start.line; line >= 0; line--) {
    const words = (lines[line] ?? "").toLowerCase();
    const limit = line === start.line ? start.column - 1 : words.length;
    const column = limit < 0 ? -1 : words.lastIndexOf(wanted, limit);
    if (column >= 0) return { line, column };
  }
  return before === undefined ? undefined : findAbove(lines, text, undefined);
}
