/** Sizes that follow from others: guest memory, the balloon, NUMA cells. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import type { ResolveOptions } from "./facts.ts";
import { memoryDevicesKiB } from "./memory-devices.ts";

const cellsOf = (domain: Domain): readonly { readonly memoryKiB?: number }[] =>
  domain.cpu?.numa?.cells ?? [];

/**
 * Guest memory is what the NUMA cells sum up to when they have any; the balloon is never above it.
 * @throws {VireoError} `xmlError` when no size is given, or memory devices exceed it.
 */
export function resolveMemory(domain: Domain, { abiUpdate = true }: ResolveOptions = {}): Domain {
  const devices = memoryDevicesKiB(domain);
  const cells = cellsOf(domain).reduce((sum, { memoryKiB = 0 }) => sum + memoryKiB, 0);
  const sizeKiB = cells > 0 && abiUpdate ? cells + devices : (domain.memory?.sizeKiB ?? 0);
  if (devices > sizeKiB)
    throw virError("xmlError", "Total size of memory devices exceeds the total memory size");
  if (sizeKiB - devices === 0)
    throw virError(
      "xmlError",
      "Memory size must be specified via <memory> or in the <numa> configuration",
    );
  const balloon = domain.currentMemoryKiB ?? 0;
  return {
    ...domain,
    memory: { ...domain.memory, sizeKiB },
    currentMemoryKiB: balloon === 0 || balloon > sizeKiB ? sizeKiB : balloon,
  };
}
