/**
 * Snapshots.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainSnapshotCreateFlags. */
export const DomainSnapshotCreateFlags = {
  redefine: 1,
  current: 2,
  noMetadata: 4,
  halt: 8,
  diskOnly: 16,
  reuseExt: 32,
  quiesce: 64,
  atomic: 128,
  live: 256,
  validate: 512,
} as const;

/** libvirt's virDomainSnapshotListFlags. */
export const DomainSnapshotListFlags = {
  roots: 1,
  descendants: 1,
  leaves: 4,
  noLeaves: 8,
  metadata: 2,
  noMetadata: 16,
  inactive: 32,
  active: 64,
  diskOnly: 128,
  internal: 256,
  external: 512,
  topological: 1024,
} as const;

/** libvirt's virDomainSnapshotRevertFlags. */
export const DomainSnapshotRevertFlags = {
  running: 1,
  paused: 2,
  force: 4,
  resetNvram: 8,
} as const;

/** libvirt's virDomainSnapshotDeleteFlags. */
export const DomainSnapshotDeleteFlags = {
  children: 1,
  metadataOnly: 2,
  childrenOnly: 4,
} as const;

/** libvirt's virDomainSnapshotXMLFlags. */
export const DomainSnapshotXMLFlags = {
  secure: 1,
} as const;
