import type { TypedParameter } from "@vireo/sdk/libvirt/procedure";

/** virTypedParameterType. */
export const ParameterType = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
  string: 7,
} as const;

/** A value as virsh prints it. */
export function formatParameter({ value }: TypedParameter): string {
  switch (value.type) {
    case ParameterType.double:
      return value.value.toFixed(6);
    case ParameterType.boolean:
      return value.value === 0 ? "no" : "yes";
    default:
      return String(value.value);
  }
}
