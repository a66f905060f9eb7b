import { stringWidth } from "./string-width.ts";

const controlCharacter = /[\p{Cc}\p{Cf}]/gu;

/** Characters that would disturb the columns, as `\xHH` of their UTF-8 bytes. */
const printable = (text: string): string =>
  text.replace(controlCharacter, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );

/**
 * Lays rows out in virsh's columns: one space before a cell, two after the widest,
 * a ruler under the header. Width counts terminal cells, so wide characters line up.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { quiet }: { readonly quiet: boolean },
): string {
  const cells = (quiet ? rows : [header, ...rows]).map((row) => row.map(printable));
  const widths = header.map((_, column) =>
    Math.max(0, ...cells.map((row) => stringWidth(row[column] ?? ""))),
  );
  const lines = cells.map((row) => formatRow(row, widths));
  const ruler = "-".repeat(widths.reduce((sum, width) => sum + width + 3, 0));
  const shown = quiet ? lines : lines.toSpliced(1, 0, ruler);
  return shown.map((line) => `${line}\n`).join("");
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  return widths
    .map((width, column) => {
      const text = row[column] ?? "";
      if (column === widths.length - 1) return ` ${text}`;
      return ` ${text}${" ".repeat(width - stringWidth(text))}  `;
    })
    .join("");
}
