/** What changed between two values of an element, place by place. */
import { align } from "./align.ts";
import { discriminantOf, planOf } from "./element.ts";
import type { AnyElement, AnyMember, Element } from "./declaration.ts";

export interface Change {
  /** `devices/disks/0/driver/cache`, keys of the value; of the new value, unless the place is gone. */
  readonly path: string;
  /** `undefined`: was not there. */
  readonly before: unknown;
  /** `undefined`: is gone. */
  readonly after: unknown;
}

/** The changes from `before` to `after`, in print order; empty when they say the same. */
export function diff<T>(type: Element<T>, before: T, after: T): readonly Change[] {
  const changes: Change[] = [];
  compareElement(type, { before, after, path: "" }, changes);
  return changes;
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly path: string;
}
type Model = Readonly<Record<string, unknown>>;
const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function compareElement(type: AnyElement, pair: Pair, changes: Change[]): void {
  const { before, after, path } = pair;
  const key = discriminantOf(type)?.key ?? "";
  if (!isModel(before) || !isModel(after) || before[key] !== after[key]) {
    if (before !== after) changes.push(pair);
    return;
  }
  for (const { key: name, member } of planOf(type, String(before[key])).members)
    compareMember(
      member,
      { before: before[name], after: after[name], path: path === "" ? name : `${path}/${name}` },
      changes,
    );
}

function compareMember({ kind, element }: AnyMember, pair: Pair, changes: Change[]): void {
  if (element === undefined) {
    if (!sameScalar(pair.before, pair.after)) changes.push(pair);
  } else if (kind === "children") compareList(element, pair, changes);
  else compareElement(element, pair, changes);
}

/** Items are followed by what they say, not by their position. */
function compareList(type: AnyElement, { before, after, path }: Pair, changes: Change[]): void {
  const was: readonly unknown[] = Array.isArray(before) ? before : [];
  const is: readonly unknown[] = Array.isArray(after) ? after : [];
  const origins = align(was, is);
  is.forEach((one, at) => {
    const origin = origins[at];
    const old = origin === undefined ? undefined : was[origin];
    compareElement(type, { before: old, after: one, path: `${path}/${at}` }, changes);
  });
  was.forEach((one, at) => {
    if (!origins.includes(at))
      changes.push({ before: one, after: undefined, path: `${path}/${at}` });
  });
}

/** Sets of CPUs and lists of texts are scalars too. */
const sameScalar = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((one, at) => one === b[at])
    : a === b;
