/**
 * States of a domain and the reasons for them.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainState. */
export const DomainState = {
  nostate: 0,
  running: 1,
  blocked: 2,
  paused: 3,
  shutdown: 4,
  shutoff: 5,
  crashed: 6,
  pmsuspended: 7,
} as const;

/** libvirt's virDomainNostateReason. */
export const DomainNostateReason = {
  unknown: 0,
} as const;

/** libvirt's virDomainRunningReason. */
export const DomainRunningReason = {
  unknown: 0,
  booted: 1,
  migrated: 2,
  restored: 3,
  fromSnapshot: 4,
  unpaused: 5,
  migrationCanceled: 6,
  saveCanceled: 7,
  wakeup: 8,
  crashed: 9,
  postcopy: 10,
  postcopyFailed: 11,
} as const;

/** libvirt's virDomainBlockedReason. */
export const DomainBlockedReason = {
  unknown: 0,
} as const;

/** libvirt's virDomainPausedReason. */
export const DomainPausedReason = {
  unknown: 0,
  user: 1,
  migration: 2,
  save: 3,
  dump: 4,
  ioerror: 5,
  watchdog: 6,
  fromSnapshot: 7,
  shuttingDown: 8,
  snapshot: 9,
  crashed: 10,
  startingUp: 11,
  postcopy: 12,
  postcopyFailed: 13,
} as const;

/** libvirt's virDomainShutdownReason. */
export const DomainShutdownReason = {
  unknown: 0,
  user: 1,
} as const;

/** libvirt's virDomainShutoffReason. */
export const DomainShutoffReason = {
  unknown: 0,
  shutdown: 1,
  destroyed: 2,
  crashed: 3,
  migrated: 4,
  saved: 5,
  failed: 6,
  fromSnapshot: 7,
  daemon: 8,
} as const;

/** libvirt's virDomainCrashedReason. */
export const DomainCrashedReason = {
  unknown: 0,
  panicked: 1,
} as const;

/** libvirt's virDomainPMSuspendedReason. */
export const DomainPMSuspendedReason = {
  unknown: 0,
} as const;

/** libvirt's virDomainPMSuspendedDiskReason. */
export const DomainPMSuspendedDiskReason = {
  unknown: 0,
} as const;

/** libvirt's virDomainControlState. */
export const DomainControlState = {
  ok: 0,
  job: 1,
  occupied: 2,
  error: 3,
} as const;

/** libvirt's virDomainControlErrorReason. */
export const DomainControlErrorReason = {
  none: 0,
  unknown: 1,
  monitor: 2,
  internal: 3,
} as const;
