/**
 * Jobs and migration of a domain.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainMigrateFlags. */
export const DomainMigrateFlags = {
  live: 1,
  peer2peer: 2,
  tunnelled: 4,
  persistDest: 8,
  undefineSource: 16,
  paused: 32,
  nonSharedDisk: 64,
  nonSharedInc: 128,
  changeProtection: 256,
  unsafe: 512,
  offline: 1024,
  compressed: 2048,
  abortOnError: 4096,
  autoConverge: 8192,
  rdmaPinAll: 16384,
  postcopy: 32768,
  tls: 65536,
  parallel: 131072,
  nonSharedSynchronousWrites: 262144,
  postcopyResume: 524288,
  zerocopy: 1048576,
} as const;

/** libvirt's virDomainMigrateMaxSpeedFlags. */
export const DomainMigrateMaxSpeedFlags = {
  postcopy: 1,
} as const;

/** libvirt's virDomainJobType. */
export const DomainJobType = {
  none: 0,
  bounded: 1,
  unbounded: 2,
  completed: 3,
  failed: 4,
  cancelled: 5,
} as const;

/** libvirt's virDomainGetJobStatsFlags. */
export const DomainGetJobStatsFlags = {
  completed: 1,
  keepCompleted: 2,
} as const;

/** libvirt's virDomainAbortJobFlagsValues. */
export const DomainAbortJobFlagsValues = {
  postcopy: 1,
} as const;

/** libvirt's virDomainJobOperation. */
export const DomainJobOperation = {
  unknown: 0,
  start: 1,
  save: 2,
  restore: 3,
  migrationIn: 4,
  migrationOut: 5,
  snapshot: 6,
  snapshotRevert: 7,
  dump: 8,
  backup: 9,
  snapshotDelete: 10,
} as const;

/** libvirt's virDomainDirtyRateStatus. */
export const DomainDirtyRateStatus = {
  unstarted: 0,
  measuring: 1,
  measured: 2,
} as const;

/** libvirt's virDomainDirtyRateCalcFlags. */
export const DomainDirtyRateCalcFlags = {
  pageSampling: 0,
  dirtyBitmap: 1,
  dirtyRing: 2,
} as const;
