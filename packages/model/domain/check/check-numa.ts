/** Guest NUMA nodes and the host's policy for them. */
import type { Domain } from "../domain.ts";
import type { NumaCell } from "../numa.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** Nodes are numbered from 0 without gaps; no virtual CPU is in two. */
export function checkNumaCells({ cpu, vcpu }: Domain): void {
  const cells = cpu?.numa?.cells ?? [];
  const ids = cells.map(({ id }, at) => id ?? at);
  if (ids.length > 0 && ids.toSorted((a, b) => a - b).some((id, at) => id !== at))
    wrongXml(
      "Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting from 0 are not allowed",
    );
  if (cells.length === 0 && cpu?.numa !== undefined)
    wrongXml("NUMA topology defined without NUMA cells");
  checkCellCpus(cells, vcpu?.count ?? 1);
}

function checkCellCpus(cells: readonly NumaCell[], count: number): void {
  const owner = new Map<number, number>();
  for (const [at, { cpus = [] }] of cells.entries())
    for (const one of cpus) {
      const other = owner.get(one);
      if (other !== undefined)
        unsupported(`NUMA cells ${at} and ${other} have overlapping vCPU ids`);
      owner.set(one, at);
    }
  if (owner.size > count) internal("Number of CPUs in <numa> exceeds the <vcpu> count");
  if (Math.max(-1, ...owner.keys()) >= count) internal("CPU IDs in <numa> exceed the <vcpu> count");
}

/** The policy's parts fit each other and the guest's nodes. */
export function checkNumaTune({ numatune, vcpu, cpu }: Domain): void {
  if (numatune === undefined) return;
  const { memory, memnodes } = numatune;
  if (memory?.placement === "static" && memory.nodeset === undefined)
    unsupported("nodeset for NUMA memory tuning must be set if 'placement' is 'static'");
  if (memnodes === undefined) return;
  if (isAutomatic(memory, vcpu))
    unsupported("Per-node binding is not compatible with automatic NUMA placement.");
  const cells = cpu?.numa?.cells?.length ?? 0;
  checkNodes(memnodes, { cells, restrictive: memory?.mode === "restrictive" });
}

const isAutomatic = (
  memory: NonNullable<Domain["numatune"]>["memory"],
  vcpu: Domain["vcpu"],
): boolean =>
  memory?.placement === "auto" || (memory?.nodeset === undefined && vcpu?.placement === "auto");

interface MemoryNode {
  readonly cellid: number;
  readonly mode?: string;
}
function checkNodes(
  nodes: readonly MemoryNode[],
  { cells, restrictive }: { readonly cells: number; readonly restrictive: boolean },
): void {
  if (cells === 0) wrongXml("Element 'memnode' is invalid without any guest NUMA cells");
  const seen = new Set<number>();
  for (const { cellid, mode } of nodes) {
    if (cellid >= cells)
      wrongXml(
        "Argument 'cellid' in memnode element must correspond to existing guest's NUMA cell",
      );
    if (seen.has(cellid)) wrongXml(`Multiple memnode elements with cellid ${cellid}`);
    if (restrictive && mode !== "restrictive")
      wrongXml(
        "'restrictive' mode is required in memnode element when mode is 'restrictive' in memory element",
      );
    seen.add(cellid);
  }
}
