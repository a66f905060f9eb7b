/** What changed between two values of an element, place by place. */
import { type AnyElement, discriminantOf, type Element, planOf } from "./element.ts";

export interface Change {
  /** `devices/disks/0/driver/cache`, keys of the value. */
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

function compareElement(type: AnyElement, { before, after, path }: Pair, changes: Change[]): void {
  const key = discriminantOf(type)?.key;
  if (!isModel(before) || !isModel(after) || (key !== undefined && before[key] !== after[key])) {
    if (before !== after) changes.push({ path, before, after });
    return;
  }
  const picked = key === undefined ? undefined : String(before[key]);
  for (const { key: name, member } of planOf(type, picked).members) {
    const pair = {
      before: before[name],
      after: after[name],
      path: path === "" ? name : `${path}/${name}`,
    };
    if (member.kind === "children" && member.element !== undefined)
      compareList(member.element, pair, changes);
    else if (member.element !== undefined) compareElement(member.element, pair, changes);
    else if (!sameScalar(pair.before, pair.after)) changes.push(pair);
  }
}

function compareList(type: AnyElement, { before, after, path }: Pair, changes: Change[]): void {
  const was: readonly unknown[] = Array.isArray(before) ? before : [];
  const is: readonly unknown[] = Array.isArray(after) ? after : [];
  for (let at = 0; at < Math.max(was.length, is.length); at += 1)
    compareElement(type, { before: was[at], after: is[at], path: `${path}/${at}` }, changes);
}

/** Sets of CPUs and lists of texts are scalars too. */
const sameScalar = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((one, at) => one === b[at])
    : a === b;
