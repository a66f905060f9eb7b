/**
 * Streams.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virStreamFlags. */
export const StreamFlags = {
  nonblock: 1,
} as const;

/** libvirt's virStreamRecvFlagsValues. */
export const StreamRecvFlagsValues = {
  stopAtHole: 1,
} as const;

/** libvirt's virStreamEventType. */
export const StreamEventType = {
  readable: 1,
  writable: 2,
  error: 4,
  hangup: 8,
} as const;
