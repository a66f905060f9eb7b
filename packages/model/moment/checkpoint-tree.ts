/** The checkpoints of a domain, and which of them a client asks for. Pure. */
import { childrenOf, descendantsOf, type Moments } from "./moment-tree.ts";
import type { Checkpoint } from "./parse-checkpoint.ts";

/** Of one domain, by name. */
export type CheckpointSet = Moments<Checkpoint>;

/** The one that the next one comes from: the youngest of those that nothing came from yet. */
export const latestCheckpoint = (all: CheckpointSet): Checkpoint | undefined =>
  descendantsOf(all, undefined)
    .filter(({ name }) => childrenOf(all, name).length === 0)
    .reduce<Checkpoint | undefined>(
      (best, one) => (best === undefined || one.creationTime >= best.creationTime ? one : best),
      undefined,
    );

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
  const among = deep === true ? descendantsOf(all, below) : childrenOf(all, below);
  if ((leaves === true) === (noLeaves === true)) return among;
  return among.filter(({ name }) => (childrenOf(all, name).length === 0) === (leaves === true));
}
