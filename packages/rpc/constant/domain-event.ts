/**
 * Domain events: their numbers, types, details and reasons.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainEventType. */
export const DomainEventType = {
  defined: 0,
  undefined: 1,
  started: 2,
  suspended: 3,
  resumed: 4,
  stopped: 5,
  shutdown: 6,
  pmsuspended: 7,
  crashed: 8,
} as const;

/** libvirt's virDomainEventDefinedDetailType. */
export const DomainEventDefinedDetailType = {
  added: 0,
  updated: 1,
  renamed: 2,
  fromSnapshot: 3,
} as const;

/** libvirt's virDomainEventUndefinedDetailType. */
export const DomainEventUndefinedDetailType = {
  removed: 0,
  renamed: 1,
} as const;

/** libvirt's virDomainEventStartedDetailType. */
export const DomainEventStartedDetailType = {
  booted: 0,
  migrated: 1,
  restored: 2,
  fromSnapshot: 3,
  wakeup: 4,
} as const;

/** libvirt's virDomainEventSuspendedDetailType. */
export const DomainEventSuspendedDetailType = {
  paused: 0,
  migrated: 1,
  ioerror: 2,
  watchdog: 3,
  restored: 4,
  fromSnapshot: 5,
  apiError: 6,
  postcopy: 7,
  postcopyFailed: 8,
} as const;

/** libvirt's virDomainEventResumedDetailType. */
export const DomainEventResumedDetailType = {
  unpaused: 0,
  migrated: 1,
  fromSnapshot: 2,
  postcopy: 3,
  postcopyFailed: 4,
} as const;

/** libvirt's virDomainEventStoppedDetailType. */
export const DomainEventStoppedDetailType = {
  shutdown: 0,
  destroyed: 1,
  crashed: 2,
  migrated: 3,
  saved: 4,
  failed: 5,
  fromSnapshot: 6,
} as const;

/** libvirt's virDomainEventShutdownDetailType. */
export const DomainEventShutdownDetailType = {
  finished: 0,
  guest: 1,
  host: 2,
} as const;

/** libvirt's virDomainEventPMSuspendedDetailType. */
export const DomainEventPMSuspendedDetailType = {
  memory: 0,
  disk: 1,
} as const;

/** libvirt's virDomainEventCrashedDetailType. */
export const DomainEventCrashedDetailType = {
  panicked: 0,
  crashloaded: 1,
} as const;

/** libvirt's virDomainMemoryFailureRecipientType. */
export const DomainMemoryFailureRecipientType = {
  hypervisor: 0,
  guest: 1,
} as const;

/** libvirt's virDomainMemoryFailureActionType. */
export const DomainMemoryFailureActionType = {
  ignore: 0,
  inject: 1,
  fatal: 2,
  reset: 3,
} as const;

/** libvirt's virDomainMemoryFailureFlags. */
export const DomainMemoryFailureFlags = {
  actionRequired: 1,
  recursive: 2,
} as const;

/** libvirt's virDomainEventWatchdogAction. */
export const DomainEventWatchdogAction = {
  none: 0,
  pause: 1,
  reset: 2,
  poweroff: 3,
  shutdown: 4,
  debug: 5,
  injectnmi: 6,
} as const;

/** libvirt's virDomainEventIOErrorAction. */
export const DomainEventIOErrorAction = {
  none: 0,
  pause: 1,
  report: 2,
} as const;

/** libvirt's virDomainEventGraphicsPhase. */
export const DomainEventGraphicsPhase = {
  connect: 0,
  initialize: 1,
  disconnect: 2,
} as const;

/** libvirt's virDomainEventGraphicsAddressType. */
export const DomainEventGraphicsAddressType = {
  ipv4: 0,
  ipv6: 1,
  unix: 2,
} as const;

/** libvirt's virConnectDomainEventBlockJobStatus. */
export const ConnectDomainEventBlockJobStatus = {
  completed: 0,
  failed: 1,
  canceled: 2,
  ready: 3,
} as const;

/** libvirt's virConnectDomainEventDiskChangeReason. */
export const ConnectDomainEventDiskChangeReason = {
  changeMissingOnStart: 0,
  dropMissingOnStart: 1,
} as const;

/** libvirt's virDomainEventTrayChangeReason. */
export const DomainEventTrayChangeReason = {
  open: 0,
  close: 1,
} as const;

/** libvirt's virConnectDomainEventAgentLifecycleState. */
export const ConnectDomainEventAgentLifecycleState = {
  connected: 1,
  disconnected: 2,
} as const;

/** libvirt's virConnectDomainEventAgentLifecycleReason. */
export const ConnectDomainEventAgentLifecycleReason = {
  unknown: 0,
  domainStarted: 1,
  channel: 2,
} as const;

/** libvirt's virDomainEventID. */
export const DomainEventID = {
  lifecycle: 0,
  reboot: 1,
  rtcChange: 2,
  watchdog: 3,
  ioError: 4,
  graphics: 5,
  ioErrorReason: 6,
  controlError: 7,
  blockJob: 8,
  diskChange: 9,
  trayChange: 10,
  pmwakeup: 11,
  pmsuspend: 12,
  balloonChange: 13,
  pmsuspendDisk: 14,
  deviceRemoved: 15,
  blockJob2: 16,
  tunable: 17,
  agentLifecycle: 18,
  deviceAdded: 19,
  migrationIteration: 20,
  jobCompleted: 21,
  deviceRemovalFailed: 22,
  metadataChange: 23,
  blockThreshold: 24,
  memoryFailure: 25,
  memoryDeviceSizeChange: 26,
} as const;
