/** Who came from whom, of snapshots and checkpoints alike. Pure. */

/** What both have. */
interface Moment {
  readonly name: string;
  readonly parent?: { readonly name?: string | undefined } | undefined;
}

/** Those of one domain, by name. */
export type Moments<M extends Moment> = ReadonlyMap<string, M>;

/** A parent that is not known any more is none. */
export const parentOf = <M extends Moment>(all: Moments<M>, { parent }: M): M | undefined =>
  parent?.name === undefined ? undefined : all.get(parent.name);

/** Without a name, those that have no parent. */
export const childrenOf = <M extends Moment>(
  all: Moments<M>,
  name: string | undefined,
): readonly M[] => [...all.values()].filter((one) => parentOf(all, one)?.name === name);

/** Those below, each after its parent. */
export const descendantsOf = <M extends Moment>(
  all: Moments<M>,
  name: string | undefined,
): readonly M[] => childrenOf(all, name).flatMap((one) => [one, ...descendantsOf(all, one.name)]);

/** Without one; its children come to its parent. */
export const withoutMoment = <M extends Moment>(all: Moments<M>, gone: M): Moments<M> =>
  new Map(
    [...all.values()]
      .filter(({ name }) => name !== gone.name)
      .map((one) => (one.parent?.name === gone.name ? { ...one, parent: gone.parent } : one))
      .map((one) => [one.name, one]),
  );
