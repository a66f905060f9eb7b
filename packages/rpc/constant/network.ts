/**
 * Networks and network ports.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virNetworkXMLFlags. */
export const NetworkXMLFlags = {
  inactive: 1,
} as const;

/** libvirt's virConnectListAllNetworksFlags. */
export const ConnectListAllNetworksFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

/** libvirt's virNetworkCreateFlags. */
export const NetworkCreateFlags = {
  validate: 1,
} as const;

/** libvirt's virNetworkDefineFlags. */
export const NetworkDefineFlags = {
  validate: 1,
} as const;

/** libvirt's virNetworkUpdateCommand. */
export const NetworkUpdateCommand = {
  none: 0,
  modify: 1,
  delete: 2,
  addLast: 3,
  addFirst: 4,
} as const;

/** libvirt's virNetworkUpdateSection. */
export const NetworkUpdateSection = {
  none: 0,
  bridge: 1,
  domain: 2,
  ip: 3,
  ipDhcpHost: 4,
  ipDhcpRange: 5,
  forward: 6,
  forwardInterface: 7,
  forwardPf: 8,
  portgroup: 9,
  dnsHost: 10,
  dnsTxt: 11,
  dnsSrv: 12,
} as const;

/** libvirt's virNetworkUpdateFlags. */
export const NetworkUpdateFlags = {
  current: 0,
  live: 1,
  config: 2,
} as const;

/** libvirt's virNetworkEventLifecycleType. */
export const NetworkEventLifecycleType = {
  defined: 0,
  undefined: 1,
  started: 2,
  stopped: 3,
} as const;

/** libvirt's virNetworkEventID. */
export const NetworkEventID = {
  lifecycle: 0,
} as const;

/** libvirt's virIPAddrType. */
export const IPAddrType = {
  ipv4: 0,
  ipv6: 1,
} as const;

/** libvirt's virNetworkPortCreateFlags. */
export const NetworkPortCreateFlags = {
  reclaim: 1,
  validate: 2,
} as const;
