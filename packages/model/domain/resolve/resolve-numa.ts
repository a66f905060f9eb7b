/** Guest NUMA cells: numbers, order, and virtual CPUs nobody placed. */
import type { Domain } from "../domain.ts";
import type { NumaCell } from "../numa.ts";

const withCells = (domain: Domain, cells: readonly NumaCell[]): Domain => ({
  ...domain,
  cpu: { ...domain.cpu, numa: { ...domain.cpu?.numa, cells } },
});

/** Cells by number; those without one are counted. Distances get their other half. */
export function settleNuma(domain: Domain): Domain {
  const cells = domain.cpu?.numa?.cells;
  if (cells === undefined) return domain;
  const numbered = cells
    .map((cell, at) => ({ ...cell, id: cell.id ?? at }))
    .sort((a, b) => a.id - b.id);
  const distances = bothWays(numbered);
  return withCells(
    domain,
    numbered.map((cell) => ({ ...cell, ...distancesOf(distances.get(cell.id)) })),
  );
}

/** Of every node that takes part: its own distance is 10, and what holds one way holds the other unless said otherwise. */
function bothWays(
  cells: readonly (NumaCell & { readonly id: number })[],
): Map<number, Map<number, number>> {
  const all = new Map<number, Map<number, number>>();
  const from = (id: number): Map<number, number> => {
    const known = all.get(id) ?? new Map([[id, LOCAL_DISTANCE]]);
    all.set(id, known);
    return known;
  };
  const given = cells.flatMap((cell) =>
    (cell.distances?.siblings ?? []).map(({ id, value }) => ({ from: cell.id, id, value })),
  );
  for (const one of given) from(one.from).set(one.id, one.value);
  for (const one of given) if (!from(one.id).has(one.from)) from(one.id).set(one.from, one.value);
  return all;
}
const LOCAL_DISTANCE = 10;

function distancesOf(known: ReadonlyMap<number, number> | undefined): Pick<NumaCell, "distances"> {
  if (known === undefined) return {};
  const siblings = [...known].map(([id, value]) => ({ id, value })).sort((a, b) => a.id - b.id);
  return { distances: { siblings } };
}

/** Virtual CPUs that no cell claims go to the first. */
export function resolveNumaCpus(domain: Domain): Domain {
  const cells = domain.cpu?.numa?.cells ?? [];
  const [first, ...others] = cells;
  if (first === undefined) return domain;
  const placed = new Set(cells.flatMap(({ cpus = [] }) => cpus));
  const left = Array.from({ length: domain.vcpu?.count ?? 1 }, (_, at) => at).filter(
    (at) => !placed.has(at),
  );
  if (left.length === 0) return domain;
  const cpus = [...(first.cpus ?? []), ...left].sort((a, b) => a - b);
  return withCells(domain, [{ ...first, cpus }, ...others]);
}
