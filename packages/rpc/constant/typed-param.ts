/**
 * Types of typed parameters.
 *
 * libvirt's `virXyz` is `Xyz` here. Its members lose the words that all of them begin with (a lone member: those of
 * its enum's name) and are camelCase: `VIR_DOMAIN_EVENT_STARTED` of `virDomainEventType` is `DomainEventType.started`.
 */

/** libvirt's virTypedParameterType. */
export const TypedParameterType = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
  string: 7,
} as const;

/** libvirt's virTypedParameterFlags. */
export const TypedParameterFlags = {
  paramStringOkay: 4,
} as const;

/** libvirt's virSchedParameterType. */
export const SchedParameterType = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
} as const;

/** libvirt's virBlkioParameterType. */
export const BlkioParameterType = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
} as const;

/** libvirt's virMemoryParameterType. */
export const MemoryParameterType = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
} as const;
