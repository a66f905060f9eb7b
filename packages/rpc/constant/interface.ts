/**
 * Host interfaces.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virConnectListAllInterfacesFlags. */
export const ConnectListAllInterfacesFlags = {
  inactive: 1,
  active: 2,
} as const;

/** libvirt's virInterfaceXMLFlags. */
export const InterfaceXMLFlags = {
  inactive: 1,
} as const;

/** libvirt's virInterfaceDefineFlags. */
export const InterfaceDefineFlags = {
  validate: 1,
} as const;
