/**
 * The connection.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virConnectCloseReason. */
export const ConnectCloseReason = {
  error: 0,
  eof: 1,
  keepalive: 2,
  client: 3,
} as const;

/** libvirt's virConnectFlags. */
export const ConnectFlags = {
  ro: 1,
  noAliases: 2,
} as const;

/** libvirt's virConnectCredentialType. */
export const ConnectCredentialType = {
  username: 1,
  authname: 2,
  language: 3,
  cnonce: 4,
  passphrase: 5,
  echoprompt: 6,
  noechoprompt: 7,
  realm: 8,
  external: 9,
} as const;

/** libvirt's virConnectCompareCPUFlags. */
export const ConnectCompareCPUFlags = {
  failIncompatible: 1,
  validateXml: 2,
} as const;

/** libvirt's virConnectBaselineCPUFlags. */
export const ConnectBaselineCPUFlags = {
  expandFeatures: 1,
  migratable: 2,
} as const;
