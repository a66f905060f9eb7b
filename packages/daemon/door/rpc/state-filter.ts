/** Filters of lists of objects that have a definition and a live state: networks, storage pools. */

/** libvirt gives them the same bits in every list. */
export const STATE_FILTER = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;
export type StateFilter = keyof typeof STATE_FILTER;
export type StateFilters = Readonly<Partial<Record<StateFilter, true>>>;

interface Listed {
  readonly name: string;
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
}

const TESTS: Readonly<Record<StateFilter, (one: Listed) => boolean>> = {
  inactive: ({ active }) => !active,
  active: ({ active }) => active,
  persistent: ({ persistent }) => persistent,
  transient: ({ persistent }) => !persistent,
  autostart: ({ autostart }) => autostart,
  noAutostart: ({ autostart }) => !autostart,
};
const GROUPS: readonly (readonly StateFilter[])[] = [
  ["inactive", "active"],
  ["persistent", "transient"],
  ["autostart", "noAutostart"],
];

/** Filters of one group are alternatives; groups add up. */
export function inState<T extends Listed>(all: readonly T[], filters: StateFilters): readonly T[] {
  const groups = GROUPS.map((group) => group.filter((one) => filters[one])).filter((g) => g.length);
  return all.filter((one) => groups.every((group) => group.some((name) => TESTS[name](one))));
}

/** The first names of those in one state. */
export const namesInState = (
  all: readonly Listed[],
  filter: StateFilter,
  max: number,
): { names: string[] } => ({
  names: inState(all, { [filter]: true })
    .map(({ name }) => name)
    .slice(0, max),
});
