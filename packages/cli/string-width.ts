const ascii = /^[\u0020-\u007e]*$/;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]/u;
const emoji = /^\p{Emoji_Presentation}/u;

/** First and last code points that take two cells (East Asian Width W and F). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** Terminal cells a text takes. */
export function stringWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (invisible.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  const wide = wideRanges.some(([first, last]) => code >= first && code <= last);
  return wide || emoji.test(character) ? 2 : 1;
}
