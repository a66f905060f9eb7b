/**
 * Node devices.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virConnectListAllNodeDeviceFlags. */
export const ConnectListAllNodeDeviceFlags = {
  capSystem: 1,
  capPciDev: 2,
  capUsbDev: 4,
  capUsbInterface: 8,
  capNet: 16,
  capScsiHost: 32,
  capScsiTarget: 64,
  capScsi: 128,
  capStorage: 256,
  capFcHost: 512,
  capVports: 1024,
  capScsiGeneric: 2048,
  capDrm: 4096,
  capMdevTypes: 8192,
  capMdev: 16384,
  capCcwDev: 32768,
  capCssDev: 65536,
  capVdpa: 131072,
  capApCard: 262144,
  capApQueue: 524288,
  capApMatrix: 1048576,
  capVpd: 2097152,
  inactive: 1073741824,
  active: 2147483648,
} as const;

/** libvirt's virNodeDeviceCreateXMLFlags. */
export const NodeDeviceCreateXMLFlags = {
  validate: 1,
} as const;

/** libvirt's virNodeDeviceDefineXMLFlags. */
export const NodeDeviceDefineXMLFlags = {
  validate: 1,
} as const;

/** libvirt's virNodeDeviceEventID. */
export const NodeDeviceEventID = {
  lifecycle: 0,
  update: 1,
} as const;

/** libvirt's virNodeDeviceEventLifecycleType. */
export const NodeDeviceEventLifecycleType = {
  created: 0,
  deleted: 1,
  defined: 2,
  undefined: 3,
} as const;
