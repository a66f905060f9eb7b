/**
 * The QEMU driver's own calls.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virDomainQemuMonitorCommandFlags. */
export const DomainQemuMonitorCommandFlags = {
  default: 0,
  hmp: 1,
} as const;

/** libvirt's virDomainQemuAgentCommandTimeoutValues. */
export const DomainQemuAgentCommandTimeoutValues = {
  min: -2,
  block: -2,
  default: -1,
  nowait: 0,
  shutdown: 60,
} as const;

/** libvirt's virConnectDomainQemuMonitorEventRegisterFlags. */
export const ConnectDomainQemuMonitorEventRegisterFlags = {
  regex: 1,
  nocase: 2,
} as const;
