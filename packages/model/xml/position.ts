import type { XmlElement } from "./tree.ts";
import type { XmlPosition } from "./xml-error.ts";

/** Line and column of `offset` in `text`. */
export function positionAt(text: string, offset: number): XmlPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** Where the attribute stands; the element's own place when it has no such attribute. */
export function attributePosition(element: XmlElement, attribute: string): XmlPosition {
  const tag = element.source.slice(element.start, element.end);
  for (const found of tag.matchAll(/([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')/g))
    if (found[1] === attribute) {
      const inside = positionAt(tag, found.index);
      return {
        line: element.line + inside.line - 1,
        column: inside.line === 1 ? element.column + inside.column - 1 : inside.column,
      };
    }
  return { line: element.line, column: element.column };
}

/** Finds lines of growing offsets without counting from the start each time. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  #lineStart = 0;
  #nextLine: number;

  constructor(text: string) {
    this.#text = text;
    this.#nextLine = this.#lineEnd(0);
  }

  /** `offset` must not be less than in the call before. */
  at(offset: number): XmlPosition {
    while (this.#nextLine <= offset) {
      this.#line += 1;
      this.#lineStart = this.#nextLine;
      this.#nextLine = this.#lineEnd(this.#lineStart);
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }

  /** Where the line after the one at `start` begins. */
  #lineEnd(start: number): number {
    const found = this.#text.indexOf("\n", start);
    return found === -1 ? Number.POSITIVE_INFINITY : found + 1;
  }
}
