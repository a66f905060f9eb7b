/**
 * Block devices and block jobs of a domain.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainBlockResizeFlags. */
export const DomainBlockResizeFlags = {
  bytes: 1,
} as const;

/** libvirt's virDomainBlockJobType. */
export const DomainBlockJobType = {
  unknown: 0,
  pull: 1,
  copy: 2,
  commit: 3,
  activeCommit: 4,
  backup: 5,
} as const;

/** libvirt's virDomainBlockJobAbortFlags. */
export const DomainBlockJobAbortFlags = {
  async: 1,
  pivot: 2,
} as const;

/** libvirt's virDomainBlockJobInfoFlags. */
export const DomainBlockJobInfoFlags = {
  bandwidthBytes: 1,
} as const;

/** libvirt's virDomainBlockJobSetSpeedFlags. */
export const DomainBlockJobSetSpeedFlags = {
  speedBandwidthBytes: 1,
} as const;

/** libvirt's virDomainBlockPullFlags. */
export const DomainBlockPullFlags = {
  bandwidthBytes: 64,
} as const;

/** libvirt's virDomainBlockRebaseFlags. */
export const DomainBlockRebaseFlags = {
  shallow: 1,
  reuseExt: 2,
  copyRaw: 4,
  copy: 8,
  relative: 16,
  copyDev: 32,
  bandwidthBytes: 64,
} as const;

/** libvirt's virDomainBlockCopyFlags. */
export const DomainBlockCopyFlags = {
  shallow: 1,
  reuseExt: 2,
  transientJob: 4,
  synchronousWrites: 8,
} as const;

/** libvirt's virDomainBlockCommitFlags. */
export const DomainBlockCommitFlags = {
  shallow: 1,
  delete: 2,
  active: 4,
  relative: 8,
  bandwidthBytes: 16,
} as const;

/** libvirt's virDomainDiskErrorCode. */
export const DomainDiskErrorCode = {
  none: 0,
  unspec: 1,
  noSpace: 2,
} as const;
