/**
 * Storage pools and volumes.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virStoragePoolState. */
export const StoragePoolState = {
  inactive: 0,
  building: 1,
  running: 2,
  degraded: 3,
  inaccessible: 4,
} as const;

/** libvirt's virStoragePoolBuildFlags. */
export const StoragePoolBuildFlags = {
  new: 0,
  repair: 1,
  resize: 2,
  noOverwrite: 4,
  overwrite: 8,
} as const;

/** libvirt's virStoragePoolDeleteFlags. */
export const StoragePoolDeleteFlags = {
  normal: 0,
  zeroed: 1,
} as const;

/** libvirt's virStoragePoolCreateFlags. */
export const StoragePoolCreateFlags = {
  normal: 0,
  withBuild: 1,
  withBuildOverwrite: 2,
  withBuildNoOverwrite: 4,
} as const;

/** libvirt's virStorageVolType. */
export const StorageVolType = {
  file: 0,
  block: 1,
  dir: 2,
  network: 3,
  netdir: 4,
  ploop: 5,
} as const;

/** libvirt's virStorageVolDeleteFlags. */
export const StorageVolDeleteFlags = {
  normal: 0,
  zeroed: 1,
  withSnapshots: 2,
} as const;

/** libvirt's virStorageVolWipeAlgorithm. */
export const StorageVolWipeAlgorithm = {
  zero: 0,
  nnsa: 1,
  dod: 2,
  bsi: 3,
  gutmann: 4,
  schneier: 5,
  pfitzner7: 6,
  pfitzner33: 7,
  random: 8,
  trim: 9,
} as const;

/** libvirt's virStorageVolInfoFlags. */
export const StorageVolInfoFlags = {
  useAllocation: 0,
  getPhysical: 1,
} as const;

/** libvirt's virStorageXMLFlags. */
export const StorageXMLFlags = {
  inactive: 1,
} as const;

/** libvirt's virConnectListAllStoragePoolsFlags. */
export const ConnectListAllStoragePoolsFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
  dir: 64,
  fs: 128,
  netfs: 256,
  logical: 512,
  disk: 1024,
  iscsi: 2048,
  scsi: 4096,
  mpath: 8192,
  rbd: 16384,
  sheepdog: 32768,
  gluster: 65536,
  zfs: 131072,
  vstorage: 262144,
  iscsiDirect: 524288,
} as const;

/** libvirt's virStoragePoolDefineFlags. */
export const StoragePoolDefineFlags = {
  validate: 1,
} as const;

/** libvirt's virStorageVolCreateFlags. */
export const StorageVolCreateFlags = {
  preallocMetadata: 1,
  reflink: 2,
  validate: 4,
} as const;

/** libvirt's virStorageVolDownloadFlags. */
export const StorageVolDownloadFlags = {
  sparseStream: 1,
} as const;

/** libvirt's virStorageVolUploadFlags. */
export const StorageVolUploadFlags = {
  sparseStream: 1,
} as const;

/** libvirt's virStorageVolResizeFlags. */
export const StorageVolResizeFlags = {
  allocate: 1,
  delta: 2,
  shrink: 4,
} as const;

/** libvirt's virStoragePoolEventID. */
export const StoragePoolEventID = {
  lifecycle: 0,
  refresh: 1,
} as const;

/** libvirt's virStoragePoolEventLifecycleType. */
export const StoragePoolEventLifecycleType = {
  defined: 0,
  undefined: 1,
  started: 2,
  stopped: 3,
  created: 4,
  deleted: 5,
} as const;
