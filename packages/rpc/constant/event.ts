/**
 * Event loops.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virEventHandleType. */
export const EventHandleType = {
  readable: 1,
  writable: 2,
  error: 4,
  hangup: 8,
} as const;
