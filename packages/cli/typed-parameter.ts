import type { TypedParameter } from "@vireo/sdk/libvirt/procedure";
import { TypedParameterType } from "@vireo/sdk/libvirt/typed-parameter";

/** A value as virsh prints it. */
export function formatParameter({ value }: TypedParameter): string {
  switch (value.type) {
    case TypedParameterType.double:
      return value.value.toFixed(6);
    case TypedParameterType.boolean:
      return value.value === 0 ? "no" : "yes";
    default:
      return String(value.value);
  }
}
