/**
 * Secrets.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virSecretUsageType. */
export const SecretUsageType = {
  none: 0,
  volume: 1,
  ceph: 2,
  iscsi: 3,
  tls: 4,
  vtpm: 5,
} as const;

/** libvirt's virConnectListAllSecretsFlags. */
export const ConnectListAllSecretsFlags = {
  ephemeral: 1,
  noEphemeral: 2,
  private: 4,
  noPrivate: 8,
} as const;

/** libvirt's virSecretDefineFlags. */
export const SecretDefineFlags = {
  validate: 1,
} as const;

/** libvirt's virSecretEventID. */
export const SecretEventID = {
  lifecycle: 0,
  valueChanged: 1,
} as const;

/** libvirt's virSecretEventLifecycleType. */
export const SecretEventLifecycleType = {
  defined: 0,
  undefined: 1,
} as const;
