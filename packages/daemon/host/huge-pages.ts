/** Page sizes of the host and the pools of huge ones. */
import { listDirectory, readTextIfThere } from "./file.ts";

export interface HostPages {
  /** Size of an ordinary page in KiB. */
  readonly base: number;
  readonly huge: readonly { readonly sizeKiB: number; readonly count: number }[];
}

/** Ordinary pages of every architecture we run on. */
const BASE_KIB = 4;

export async function hostPages(sysRoot = "/sys"): Promise<HostPages> {
  const at = `${sysRoot}/kernel/mm/hugepages`;
  const pools = (await listDirectory(at)).map(async (name) => ({
    sizeKiB: Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0),
    count: Number((await readTextIfThere(`${at}/${name}/nr_hugepages`)) ?? 0),
  }));
  const huge = (await Promise.all(pools)).filter(({ sizeKiB }) => sizeKiB > 0);
  return { base: BASE_KIB, huge: huge.toSorted((a, b) => a.sizeKiB - b.sizeKiB) };
}
