import { positionAt } from "./position.ts";
import { XmlError } from "./xml-error.ts";

/** Describes what is wrong near `offset`. */
export function syntaxError(source: string, message: string, offset: number): XmlError {
  const at = positionAt(source, offset);
  const text = source.split("\n", at.line)[at.line - 1] ?? "";
  const excerpt = `${text}\n${"-".repeat(Math.max(0, at.column - 1))}^`;
  return new XmlError(message.replace(/^\d+:\d+: /, ""), "syntax", { ...at, excerpt });
}
