/**
 * Flags and kinds of a domain's calls.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainModificationImpact. */
export const DomainModificationImpact = {
  current: 0,
  live: 1,
  config: 2,
} as const;

/** libvirt's virDomainCreateFlags. */
export const DomainCreateFlags = {
  none: 0,
  startPaused: 1,
  startAutodestroy: 2,
  startBypassCache: 4,
  startForceBoot: 8,
  startValidate: 16,
  startResetNvram: 32,
} as const;

/** libvirt's virDomainMemoryStatTags. */
export const DomainMemoryStatTags = {
  swapIn: 0,
  swapOut: 1,
  majorFault: 2,
  minorFault: 3,
  unused: 4,
  available: 5,
  actualBalloon: 6,
  rss: 7,
  usable: 8,
  lastUpdate: 9,
  diskCaches: 10,
  hugetlbPgalloc: 11,
  hugetlbPgfail: 12,
  nr: 13,
} as const;

/** libvirt's virDomainCoreDumpFlags. */
export const DomainCoreDumpFlags = {
  crash: 1,
  live: 2,
  bypassCache: 4,
  reset: 8,
  memoryOnly: 16,
} as const;

/** libvirt's virDomainCoreDumpFormat. */
export const DomainCoreDumpFormat = {
  raw: 0,
  kdumpZlib: 1,
  kdumpLzo: 2,
  kdumpSnappy: 3,
  winDmp: 4,
} as const;

/** libvirt's virDomainShutdownFlagValues. */
export const DomainShutdownFlagValues = {
  default: 0,
  acpiPowerBtn: 1,
  guestAgent: 2,
  initctl: 4,
  signal: 8,
  paravirt: 16,
} as const;

/** libvirt's virDomainRebootFlagValues. */
export const DomainRebootFlagValues = {
  default: 0,
  acpiPowerBtn: 1,
  guestAgent: 2,
  initctl: 4,
  signal: 8,
  paravirt: 16,
} as const;

/** libvirt's virDomainDestroyFlagsValues. */
export const DomainDestroyFlagsValues = {
  default: 0,
  graceful: 1,
  removeLogs: 2,
} as const;

/** libvirt's virDomainSaveRestoreFlags. */
export const DomainSaveRestoreFlags = {
  bypassCache: 1,
  running: 2,
  paused: 4,
  resetNvram: 8,
} as const;

/** libvirt's virDomainMemoryModFlags. */
export const DomainMemoryModFlags = {
  current: 0,
  live: 1,
  config: 2,
  maximum: 4,
} as const;

/** libvirt's virDomainNumatuneMemMode. */
export const DomainNumatuneMemMode = {
  strict: 0,
  preferred: 1,
  interleave: 2,
  restrictive: 3,
} as const;

/** libvirt's virDomainGetHostnameFlags. */
export const DomainGetHostnameFlags = {
  lease: 1,
  agent: 2,
} as const;

/** libvirt's virDomainMetadataType. */
export const DomainMetadataType = {
  description: 0,
  title: 1,
  element: 2,
} as const;

/** libvirt's virDomainXMLFlags. */
export const DomainXMLFlags = {
  secure: 1,
  inactive: 2,
  updateCpu: 4,
  migratable: 8,
} as const;

/** libvirt's virDomainSaveImageXMLFlags. */
export const DomainSaveImageXMLFlags = {
  secure: 1,
} as const;

/** libvirt's virDomainMemoryFlags. */
export const DomainMemoryFlags = {
  virtual: 1,
  physical: 2,
} as const;

/** libvirt's virDomainDefineFlags. */
export const DomainDefineFlags = {
  validate: 1,
} as const;

/** libvirt's virDomainUndefineFlagsValues. */
export const DomainUndefineFlagsValues = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
  tpm: 32,
  keepTpm: 64,
} as const;

/** libvirt's virConnectListAllDomainsFlags. */
export const ConnectListAllDomainsFlags = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutoff: 64,
  other: 128,
  managedsave: 256,
  noManagedsave: 512,
  autostart: 1024,
  noAutostart: 2048,
  hasSnapshot: 4096,
  noSnapshot: 8192,
  hasCheckpoint: 16384,
  noCheckpoint: 32768,
} as const;

/** libvirt's virVcpuState. */
export const VcpuState = {
  offline: 0,
  running: 1,
  blocked: 2,
} as const;

/** libvirt's virVcpuHostCpuState. */
export const VcpuHostCpuState = {
  offline: -1,
  unavailable: -2,
} as const;

/** libvirt's virDomainVcpuFlags. */
export const DomainVcpuFlags = {
  current: 0,
  live: 1,
  config: 2,
  maximum: 4,
  guest: 8,
  hotpluggable: 16,
} as const;

/** libvirt's virDomainDeviceModifyFlags. */
export const DomainDeviceModifyFlags = {
  current: 0,
  live: 1,
  config: 2,
  force: 4,
} as const;

/** libvirt's virDomainStatsTypes. */
export const DomainStatsTypes = {
  state: 1,
  cpuTotal: 2,
  balloon: 4,
  vcpu: 8,
  interface: 16,
  block: 32,
  perf: 64,
  iothread: 128,
  memory: 256,
  dirtyrate: 512,
  vm: 1024,
} as const;

/** libvirt's virConnectGetAllDomainStatsFlags. */
export const ConnectGetAllDomainStatsFlags = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutoff: 64,
  other: 128,
  nowait: 536870912,
  backing: 1073741824,
  enforceStats: 2147483648,
} as const;

/** libvirt's virDomainConsoleFlags. */
export const DomainConsoleFlags = {
  force: 1,
  safe: 2,
} as const;

/** libvirt's virDomainChannelFlags. */
export const DomainChannelFlags = {
  force: 1,
} as const;

/** libvirt's virDomainOpenGraphicsFlags. */
export const DomainOpenGraphicsFlags = {
  skipauth: 1,
} as const;

/** libvirt's virDomainSetTimeFlags. */
export const DomainSetTimeFlags = {
  timeSync: 1,
} as const;

/** libvirt's virDomainInterfaceAddressesSource. */
export const DomainInterfaceAddressesSource = {
  lease: 0,
  agent: 1,
  arp: 2,
} as const;

/** libvirt's virDomainSetUserPasswordFlags. */
export const DomainSetUserPasswordFlags = {
  passwordEncrypted: 1,
} as const;

/** libvirt's virDomainLifecycle. */
export const DomainLifecycle = {
  poweroff: 0,
  reboot: 1,
  crash: 2,
} as const;

/** libvirt's virDomainLifecycleAction. */
export const DomainLifecycleAction = {
  destroy: 0,
  restart: 1,
  restartRename: 2,
  preserve: 3,
  coredumpDestroy: 4,
  coredumpRestart: 5,
} as const;

/** libvirt's virDomainGuestInfoTypes. */
export const DomainGuestInfoTypes = {
  users: 1,
  os: 2,
  timezone: 4,
  hostname: 8,
  filesystem: 16,
  disks: 32,
  interfaces: 64,
} as const;

/** libvirt's virDomainAgentResponseTimeoutValues. */
export const DomainAgentResponseTimeoutValues = {
  block: -2,
  default: -1,
  nowait: 0,
} as const;

/** libvirt's virDomainBackupBeginFlags. */
export const DomainBackupBeginFlags = {
  reuseExternal: 1,
} as const;

/** libvirt's virDomainAuthorizedSSHKeysSetFlags. */
export const DomainAuthorizedSSHKeysSetFlags = {
  append: 1,
  remove: 2,
} as const;

/** libvirt's virDomainMessageType. */
export const DomainMessageType = {
  deprecation: 1,
  tainting: 2,
} as const;

/** libvirt's virDomainFDAssociateFlags. */
export const DomainFDAssociateFlags = {
  restore: 1,
  writable: 2,
} as const;
