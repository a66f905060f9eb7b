/** Cycles of a directed graph, each shown as one closed walk. */

type Graph = ReadonlyMap<string, readonly string[]>;

/** Shortest cycles that together show every node which lies on one; empty when the graph has none. */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const done = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const start of peel(graph)) {
    if (done.has(start)) continue;
    const cycle = shortestCycle(graph, start);
    if (cycle === undefined) continue;
    cycles.push(cycle);
    for (const file of cycle) done.add(file);
  }
  return cycles;
}

/** Takes away whatever imports nothing, again and again; what stays lies on or above a cycle. */
function peel(graph: Graph): ReadonlySet<string> {
  const left = new Set(graph.keys());
  let before = -1;
  while (before !== left.size) {
    before = left.size;
    for (const file of left)
      if (!(graph.get(file) ?? []).some((target) => left.has(target))) left.delete(file);
  }
  return left;
}

function shortestCycle(graph: Graph, start: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const target of graph.get(file) ?? []) {
      if (target === start) return walkBack(cameFrom, start, file);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, file);
      queue.push(target);
    }
  }
  return undefined;
}

function walkBack(
  cameFrom: ReadonlyMap<string, string>,
  start: string,
  end: string,
): readonly string[] {
  const walk = [start];
  for (let at: string | undefined = end; at !== undefined && at !== start; at = cameFrom.get(at))
    walk.unshift(at);
  return [start, ...walk];
}
