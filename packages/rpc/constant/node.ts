/**
 * The host.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virNodeSuspendTarget. */
export const NodeSuspendTarget = {
  mem: 0,
  disk: 1,
  hybrid: 2,
} as const;

/** libvirt's virNodeGetCPUStatsAllCPUs. */
export const NodeGetCPUStatsAllCPUs = {
  cpuStatsAllCpus: -1,
} as const;

/** libvirt's virNodeGetMemoryStatsAllCells. */
export const NodeGetMemoryStatsAllCells = {
  memoryStatsAllCells: -1,
} as const;

/** libvirt's virCPUCompareResult. */
export const CPUCompareResult = {
  error: -1,
  incompatible: 0,
  identical: 1,
  superset: 2,
} as const;

/** libvirt's virNodeAllocPagesFlags. */
export const NodeAllocPagesFlags = {
  add: 0,
  set: 1,
} as const;
