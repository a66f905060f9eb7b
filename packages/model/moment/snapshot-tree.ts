/** The snapshots of a domain: who came from whom, and which of them a client asks for. Pure. */
import type { Snapshot } from "./parse-snapshot.ts";

/** Of one domain, by name. */
export interface SnapshotSet {
  readonly all: ReadonlyMap<string, Snapshot>;
  /** Name of the one that the domain's present state came from. */
  readonly current?: string | undefined;
}

export const NO_SNAPSHOTS: SnapshotSet = { all: new Map() };

/** A parent that is not known any more is none. */
export function parentOf({ all }: SnapshotSet, { parent }: Snapshot): Snapshot | undefined {
  return parent?.name === undefined ? undefined : all.get(parent.name);
}

export const childrenOf = (set: SnapshotSet, name: string | undefined): readonly Snapshot[] =>
  [...set.all.values()].filter((one) => parentOf(set, one)?.name === name);

/** Those below, each after its parent. */
export function descendantsOf(set: SnapshotSet, name: string | undefined): readonly Snapshot[] {
  return childrenOf(set, name).flatMap((one) => [one, ...descendantsOf(set, one.name)]);
}

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
export function selectSnapshots(set: SnapshotSet, filter: SnapshotFilter): readonly Snapshot[] {
  const among =
    filter.deep === true ? descendantsOf(set, filter.below) : childrenOf(set, filter.below);
  return among.filter((one) => {
    const leaf = childrenOf(set, one.name).length === 0;
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
export function withoutSnapshot(set: SnapshotSet, gone: Snapshot): SnapshotSet {
  const { parent } = gone;
  const all = [...set.all.values()]
    .filter(({ name }) => name !== gone.name)
    .map((one): Snapshot => {
      if (one.parent?.name !== gone.name) return one;
      const { parent: _gone, ...rest } = one;
      return parent === undefined ? rest : { ...rest, parent };
    });
  const current = set.current === gone.name ? parentOf(set, gone)?.name : set.current;
  return { all: new Map(all.map((one) => [one.name, one])), current };
}
