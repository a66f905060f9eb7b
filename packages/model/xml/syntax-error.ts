import { diagnose } from "./diagnose.ts";
import { positionAt } from "./position.ts";
import { XmlError } from "./xml-error.ts";

/** `message` is the parser's own; libxml2's words are preferred where they are known. */
export function syntaxError(source: string, message: string, offset: number): XmlError {
  const found = diagnose(source) ?? { message: message.replace(/^\d+:\d+: /, ""), offset };
  return errorAt(source, found.message, { offset: found.offset, reason: "syntax" });
}

/** An error at `offset`, with the line it is in and a caret below the place. */
export function errorAt(
  source: string,
  message: string,
  { offset, reason }: { readonly offset: number; readonly reason: XmlError["reason"] },
): XmlError {
  const at = positionAt(source, offset);
  return new XmlError(message, reason, { ...at, excerpt: excerptAt(source, offset) });
}

/** An end of line belongs to the line before; libvirt prints `(null)` for an empty one and counts bytes. */
function excerptAt(source: string, offset: number): string {
  let last = offset;
  while (last > 0 && (source[last] === "\n" || source[last] === "\r")) last -= 1;
  const start = last === 0 ? 0 : source.lastIndexOf("\n", last - (last === offset ? 1 : 0)) + 1;
  const end = source.indexOf("\n", start);
  const text = source.slice(start, end === -1 ? source.length : end).slice(0, EXCERPT_LENGTH);
  const before = source.slice(start, offset).slice(0, EXCERPT_LENGTH);
  return `${text === "" ? "(null)" : text}\n${"-".repeat(utf8Length(before))}^`;
}
/** A source line may be megabytes long. */
const EXCERPT_LENGTH = 4096;

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
