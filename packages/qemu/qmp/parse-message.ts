/** Text from QEMU or from the guest agent to a message, within limits. */

export type Message = Readonly<Record<string, unknown>>;

/** Deeper than any honest answer: a backing chain of 200 images nests 400 levels. */
const DEPTH_LIMIT = 1000;

export const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, and their ends, differ in one bit that lower-casing sets. */
const LOWER = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Index of the quote that ends the string whose first character is at `from`; the text's length without one. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE)
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** One pass: the guest chooses this text, and a pattern that goes back would let it stop us. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at + 1);
    else if ((code | LOWER) === OPEN) depth += 1;
    else if ((code | LOWER) === CLOSE) depth -= 1;
    if (depth > DEPTH_LIMIT) return true;
  }
  return false;
}

/**
 * One JSON object.
 * @throws SyntaxError, TypeError, RangeError when it is something else or nests too deeply
 */
export function parseMessage(text: string): Message {
  // an array of 1000 levels needs 2000 characters
  if (text.length > 2 * DEPTH_LIMIT && isTooDeep(text))
    throw new RangeError(`message nests deeper than ${DEPTH_LIMIT} levels`);
  const value: unknown = JSON.parse(text);
  if (!isMessage(value)) throw new TypeError("message is not an object");
  return value;
}
