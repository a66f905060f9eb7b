/** Pages and filters of a list: the same for every collection. */
import { virError } from "@vireo/model/error";

export interface ListPage {
  readonly items: readonly unknown[];
  /** How many fit the filter. */
  readonly total: number;
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

const LIMIT = 10_000;
const RESERVED = new Set(["limit", "cursor"]);

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

type Test = (item: unknown) => boolean;

/** `name=web*`: the item's field, as text, fits the pattern. */
function fieldTest(field: string, patterns: readonly string[]): Test {
  const expressions = patterns.map(glob);
  return (item) => {
    if (typeof item !== "object" || item === null || !Object.hasOwn(item, field)) return false;
    const value = String(Reflect.get(item, field));
    return expressions.some((one) => one.test(value));
  };
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text))
    throw virError("invalidArg", `${name}: expected a count, got '${text}'`);
  return Number(text);
}

/**
 * The items whose fields fit every filter of the query, from `cursor` on, at most `limit`.
 * @throws VireoError `invalidArg`
 */
export function pageOf(
  items: readonly unknown[],
  query: Readonly<Record<string, readonly string[]>>,
): ListPage {
  const tests = Object.entries(query)
    .filter(([field]) => !RESERVED.has(field))
    .map(([field, patterns]) => fieldTest(field, patterns));
  const fitting = items.filter((item) => tests.every((fits) => fits(item)));
  const from = whole("cursor", query["cursor"]?.[0], 0);
  const limit = Math.min(whole("limit", query["limit"]?.[0], LIMIT), LIMIT);
  const next = from + limit;
  return {
    items: fitting.slice(from, next),
    total: fitting.length,
    ...(next < fitting.length ? { next: String(next) } : {}),
  };
}
