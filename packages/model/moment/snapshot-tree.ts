/** The snapshots of a domain, and which of them a client asks for. Pure. */
import { childrenOf, descendantsOf, parentOf, withoutMoment, type Moments } from "./moment-tree.ts";
import type { Snapshot } from "./parse-snapshot.ts";

/** Of one domain, by name. */
export interface SnapshotSet {
  readonly all: Moments<Snapshot>;
  /** Name of the one that the domain's present state came from. */
  readonly current?: string | undefined;
}

export const NO_SNAPSHOTS: SnapshotSet = { all: new Map() };

export const isExternal = ({ memory, disks }: Snapshot): boolean =>
  memory?.snapshot === "external" || disks.some(({ snapshot }) => snapshot === "external");

export interface SnapshotFilter {
  /** Only below this one. */
  readonly below?: string | undefined;
  /** Not only the nearest: all that are below. */
  readonly deep?: boolean | undefined;
  readonly leaves?: boolean | undefined;
  readonly noLeaves?: boolean | undefined;
  readonly inactive?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly diskOnly?: boolean | undefined;
  readonly internal?: boolean | undefined;
  readonly external?: boolean | undefined;
}

const kindOf = ({ state }: Snapshot): "inactive" | "active" | "diskOnly" => {
  if (state === "shutoff") return "inactive";
  return state === "disk-snapshot" ? "diskOnly" : "active";
};

/** A group of which nothing is asked for lets everything through. */
const inGroup = (
  asked: readonly (readonly [wanted: boolean | undefined, is: boolean])[],
): boolean =>
  asked.every(([wanted]) => wanted !== true) || asked.some(([wanted, is]) => wanted === true && is);

/** The ones asked for, each after its parent. */
export function selectSnapshots({ all }: SnapshotSet, filter: SnapshotFilter): readonly Snapshot[] {
  const among =
    filter.deep === true ? descendantsOf(all, filter.below) : childrenOf(all, filter.below);
  return among.filter((one) => {
    const leaf = childrenOf(all, one.name).length === 0;
    const kind = kindOf(one);
    const external = isExternal(one);
    return (
      inGroup([
        [filter.leaves, leaf],
        [filter.noLeaves, !leaf],
      ]) &&
      inGroup([
        [filter.inactive, kind === "inactive"],
        [filter.active, kind === "active"],
        [filter.diskOnly, kind === "diskOnly"],
      ]) &&
      inGroup([
        [filter.internal, !external],
        [filter.external, external],
      ])
    );
  });
}

/** The set with one more, or with one replaced. */
export const withSnapshot = (
  { all, current }: SnapshotSet,
  snapshot: Snapshot,
  makeCurrent: boolean,
): SnapshotSet => ({
  all: new Map([...all, [snapshot.name, snapshot]]),
  current: makeCurrent ? snapshot.name : current,
});

/** The set without one; its children come to its parent, and so does the present state. */
export const withoutSnapshot = ({ all, current }: SnapshotSet, gone: Snapshot): SnapshotSet => ({
  all: withoutMoment(all, gone),
  current: current === gone.name ? parentOf(all, gone)?.name : current,
});
