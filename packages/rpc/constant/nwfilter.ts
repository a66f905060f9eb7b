/**
 * Network filters.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virNWFilterDefineFlags. */
export const NWFilterDefineFlags = {
  validate: 1,
} as const;

/** libvirt's virNWFilterBindingCreateFlags. */
export const NWFilterBindingCreateFlags = {
  validate: 1,
} as const;
