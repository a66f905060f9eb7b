/** The host's NUMA cells and page sizes, from its capabilities. */

export interface HostCell {
  readonly id: number;
  readonly memoryKiB: number;
  readonly cpus: readonly number[];
  /** How many pages of a size there are. */
  readonly pages: readonly { readonly sizeKiB: number; readonly count: number }[];
}

const numberOf = (element: Element | null | undefined, attribute?: string): number => {
  const text = attribute === undefined ? element?.textContent : element?.getAttribute(attribute);
  return Number(text ?? 0);
};

const cellOf = (cell: Element): HostCell => ({
  id: numberOf(cell, "id"),
  memoryKiB: numberOf(cell.querySelector(":scope > memory")),
  cpus: [...cell.querySelectorAll("cpus > cpu")].map((cpu) => numberOf(cpu, "id")),
  pages: [...cell.querySelectorAll(":scope > pages")].map((pages) => ({
    sizeKiB: numberOf(pages, "size"),
    count: numberOf(pages),
  })),
});

/** None while the capabilities are not known. */
export function hostCells(capabilities: string | undefined): readonly HostCell[] {
  if (capabilities === undefined || capabilities === "") return [];
  const tree = new DOMParser().parseFromString(capabilities, "application/xml");
  return [...tree.querySelectorAll("host > topology > cells > cell")].map(cellOf);
}

/** The page sizes of any cell, smallest first, in KiB. */
export const pageSizes = (cells: readonly HostCell[]): readonly number[] =>
  [...new Set(cells.flatMap(({ pages }) => pages.map(({ sizeKiB }) => sizeKiB)))].toSorted(
    (a, b) => a - b,
  );
