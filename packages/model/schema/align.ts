/** Which item of a changed list was which before: by what they say, not by their position. */

/** Members that tell one device from another more than the rest does. */
const IDENTITY = /(^|\/)(dev|mac\/address|alias\/name|index|id|name|type|target\/port|kind)$/;
const IDENTITY_WEIGHT = 4;
/** Where these differ it is another device, whatever else it shares. */
const NAME = /^(target\/dev|mac\/address|index)$/;
/** Beyond this many pairs only position counts. */
const PAIR_LIMIT = 40_000;

type Leaves = ReadonlyMap<string, unknown>;

function collect(value: unknown, path: string, leaves: Map<string, unknown>): void {
  if (typeof value !== "object" || value === null) {
    if (value !== undefined) leaves.set(path, value);
    return;
  }
  for (const [key, one] of Object.entries(value))
    collect(one, path === "" ? key : `${path}/${key}`, leaves);
}

function leavesOf(value: unknown): Leaves {
  const leaves = new Map<string, unknown>();
  collect(value, "", leaves);
  return leaves;
}

const weightOf = (path: string): number => (IDENTITY.test(path) ? IDENTITY_WEIGHT : 1);

/** How much of `before` is still in `after`, less what contradicts it; positive when they may be the same. */
function likeness(before: Leaves, after: Leaves): number {
  let score = before.size === 0 || after.size === 0 ? 1 : 0;
  for (const [path, value] of before) {
    if (!after.has(path)) continue;
    if (NAME.test(path) && after.get(path) !== value) return 0;
    score += after.get(path) === value ? weightOf(path) : -weightOf(path) / 2;
  }
  return score;
}

interface Pair {
  readonly was: number;
  readonly is: number;
  readonly score: number;
}

function scoredPairs(before: readonly unknown[], after: readonly unknown[]): readonly Pair[] {
  const [old, now] = [before.map(leavesOf), after.map(leavesOf)];
  return old
    .flatMap((one, was) => now.map((other, is) => ({ was, is, score: likeness(one, other) })))
    .filter(({ score }) => score > 0)
    .toSorted(
      (a, b) => b.score - a.score || Math.abs(a.was - a.is) - Math.abs(b.was - b.is) || a.is - b.is,
    );
}

const byPosition = (before: readonly unknown[], after: readonly unknown[]) =>
  after.map((_, at) => (at < before.length ? at : undefined));

/** For each item of `after` the position in `before` of what it was; `undefined` for a new one. */
export function align(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly (number | undefined)[] {
  if (before.length === after.length && after.every((one, at) => one === before[at]))
    return byPosition(before, after);
  if (before.length * after.length > PAIR_LIMIT) return byPosition(before, after);
  const found: (number | undefined)[] = after.map(() => undefined);
  const taken = new Set<number>();
  for (const { was, is } of scoredPairs(before, after)) {
    if (found[is] !== undefined || taken.has(was)) continue;
    found[is] = was;
    taken.add(was);
  }
  return found;
}
