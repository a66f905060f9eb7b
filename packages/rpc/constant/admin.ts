/**
 * Administration of a daemon.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virClientTransport. */
export const ClientTransport = {
  unix: 0,
  tcp: 1,
  tls: 2,
} as const;
