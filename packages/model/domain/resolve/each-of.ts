/** What `change` makes of each of `all`; nothing of nothing. */
export const eachOf = <T, U>(all: readonly T[] | undefined, change: (one: T) => U): readonly U[] =>
  (all ?? []).map((one) => change(one));
