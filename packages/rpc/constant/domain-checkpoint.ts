/**
 * Checkpoints.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainCheckpointCreateFlags. */
export const DomainCheckpointCreateFlags = {
  redefine: 1,
  quiesce: 2,
  redefineValidate: 4,
} as const;

/** libvirt's virDomainCheckpointXMLFlags. */
export const DomainCheckpointXMLFlags = {
  secure: 1,
  noDomain: 2,
  size: 4,
} as const;

/** libvirt's virDomainCheckpointListFlags. */
export const DomainCheckpointListFlags = {
  roots: 1,
  descendants: 1,
  topological: 2,
  leaves: 4,
  noLeaves: 8,
} as const;

/** libvirt's virDomainCheckpointDeleteFlags. */
export const DomainCheckpointDeleteFlags = {
  children: 1,
  metadataOnly: 2,
  childrenOnly: 4,
} as const;
