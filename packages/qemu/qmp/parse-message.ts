/** Text from QEMU or from the guest agent to a message, within limits. */

export type Message = Readonly<Record<string, unknown>>;

/** Deeper than any honest answer: a backing chain of 200 images nests 400 levels. */
const DEPTH_LIMIT = 1000;

export const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Strings as a whole, so that brackets inside them do not count. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
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
