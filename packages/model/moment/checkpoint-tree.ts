/** The checkpoints of a domain: who came from whom. Pure. */
import type { Checkpoint } from "./parse-checkpoint.ts";

/** Of one domain, by name. */
export type CheckpointSet = ReadonlyMap<string, Checkpoint>;

/** A parent that is not known any more is none. */
export const parentOfCheckpoint = (
  all: CheckpointSet,
  { parent }: Checkpoint,
): Checkpoint | undefined => (parent?.name === undefined ? undefined : all.get(parent.name));

const childrenOf = (all: CheckpointSet, name: string | undefined): readonly Checkpoint[] =>
  [...all.values()].filter((one) => parentOfCheckpoint(all, one)?.name === name);

/** Those below, each after its parent. */
export function checkpointsBelow(
  all: CheckpointSet,
  name: string | undefined,
): readonly Checkpoint[] {
  return childrenOf(all, name).flatMap((one) => [one, ...checkpointsBelow(all, one.name)]);
}

/** The one that the next one comes from: there is one line of them, and it is its end. */
export const latestCheckpoint = (all: CheckpointSet): Checkpoint | undefined =>
  checkpointsBelow(all, undefined).at(-1);

export interface CheckpointFilter {
  readonly below?: string | undefined;
  readonly deep?: boolean | undefined;
  readonly leaves?: boolean | undefined;
  readonly noLeaves?: boolean | undefined;
}

export function selectCheckpoints(
  all: CheckpointSet,
  { below, deep, leaves, noLeaves }: CheckpointFilter,
): readonly Checkpoint[] {
  const among = deep === true ? checkpointsBelow(all, below) : childrenOf(all, below);
  if ((leaves === true) === (noLeaves === true)) return among;
  return among.filter(({ name }) => (childrenOf(all, name).length === 0) === (leaves === true));
}

/** Without one; its children come to its parent. */
export function withoutCheckpoint(all: CheckpointSet, gone: Checkpoint): CheckpointSet {
  const { parent } = gone;
  const rest = [...all.values()]
    .filter(({ name }) => name !== gone.name)
    .map((one): Checkpoint => {
      if (one.parent?.name !== gone.name) return one;
      const { parent: _gone, ...orphan } = one;
      return parent === undefined ? orphan : { ...orphan, parent };
    });
  return new Map(rest.map((one) => [one.name, one]));
}
