/** Free pages of each size, and the pools of huge pages, by NUMA cell. */
import { writeFile } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import { hostError } from "./errno.ts";
import { listDirectory, readTextIfThere } from "./file.ts";
import { hostPages } from "./huge-pages.ts";
import { nodeMemoryStats, numaCells, type HostRoots } from "./node-info.ts";

export interface CellRange {
  readonly start: number;
  readonly cells: number;
}

export interface PagePool {
  readonly sizeKiB: number;
  readonly count: number;
}

/** Cell number that stands for the whole host. */
export const WHOLE_HOST = -1;

const poolPath = (sysRoot: string, cell: number, sizeKiB: number): string =>
  cell === WHOLE_HOST
    ? `${sysRoot}/kernel/mm/hugepages/hugepages-${sizeKiB}kB`
    : `${sysRoot}/devices/system/node/node${cell}/hugepages/hugepages-${sizeKiB}kB`;

/** A host without NUMA has its only cell's pools where those of the whole host are. */
async function poolOf(sysRoot: string, cell: number, sizeKiB: number): Promise<string> {
  const own = poolPath(sysRoot, cell, sizeKiB);
  const isThere = (await listDirectory(own)).length > 0;
  return isThere || cell !== 0 ? own : poolPath(sysRoot, WHOLE_HOST, sizeKiB);
}

async function numberIn(path: string): Promise<number | undefined> {
  const text = await readTextIfThere(path);
  const value = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return Number.isNaN(value) ? undefined : value;
}

const noSuchSize = (sizeKiB: number, cell: number) =>
  virError(
    "operationFailed",
    cell === WHOLE_HOST
      ? `page size ${sizeKiB} is not available`
      : `page size ${sizeKiB} is not available on node ${cell}`,
  );

/** @throws VireoError `internalError` when the range begins beyond the last cell */
async function cellsIn({ start, cells }: CellRange, roots: HostRoots): Promise<readonly number[]> {
  const ids = (await numaCells(roots)).map(({ id }) => id);
  const last = ids.at(-1) ?? 0;
  if (start > last || start < 0)
    throw virError("internalError", `start cell ${start} out of range (0-${last})`);
  return ids.filter((id) => id >= start && id < start + cells);
}

async function freeOf(sizeKiB: number, cell: number, roots: HostRoots): Promise<number> {
  const { sysRoot = "/sys" } = roots;
  const { base } = await hostPages(sysRoot);
  if (sizeKiB !== base) {
    const free = await numberIn(`${await poolOf(sysRoot, cell, sizeKiB)}/free_hugepages`);
    if (free === undefined) throw noSuchSize(sizeKiB, cell);
    return free;
  }
  const memory = await nodeMemoryStats(cell, roots).catch(() => nodeMemoryStats(undefined, roots));
  return Math.trunc((memory["free"] ?? 0) / base);
}

/**
 * How many pages of each size are free, cell by cell.
 * @throws VireoError `operationFailed` for a size the host does not have
 */
export async function freePages(
  sizesKiB: readonly number[],
  range: CellRange,
  roots: HostRoots = {},
): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const cell of await cellsIn(range, roots))
    for (const size of sizesKiB) counts.push(await freeOf(size, cell, roots));
  return counts;
}

async function resize(
  pool: string,
  { sizeKiB, count }: PagePool,
  { cell, add }: { cell: number; add: boolean },
): Promise<void> {
  const path = `${pool}/nr_hugepages`;
  const now = await numberIn(path);
  if (now === undefined) throw noSuchSize(sizeKiB, cell);
  try {
    await writeFile(path, String(add ? now + count : count));
  } catch (error) {
    throw hostError(`Unable to write to ${path}`, error);
  }
}

/**
 * Sets the size of pools, or adds to them; the kernel gives as many as it can find.
 * @returns how many pools were changed
 * @throws VireoError `operationUnsupported` for ordinary pages, `operationFailed` for unknown sizes
 */
export async function allocatePages(
  pools: readonly PagePool[],
  { add, ...range }: CellRange & { readonly add: boolean },
  roots: HostRoots = {},
): Promise<number> {
  const { sysRoot = "/sys" } = roots;
  const cells = range.start === WHOLE_HOST ? [WHOLE_HOST] : await cellsIn(range, roots);
  const { base } = await hostPages(sysRoot);
  for (const cell of cells)
    for (const pool of pools) {
      if (pool.sizeKiB === base)
        throw virError("operationUnsupported", "system pages pool can't be modified");
      await resize(await poolOf(sysRoot, cell, pool.sizeKiB), pool, { cell, add });
    }
  return cells.length * pools.length;
}
