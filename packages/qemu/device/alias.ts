/** The name a device has inside QEMU. */
import { virError } from "@vireo/model/error";

interface Aliased {
  readonly alias?: { readonly name: string } | undefined;
}

/** Every device of a domain that is about to run has an alias; a missing one is a fault of `resolve`. */
export function aliasOf(device: Aliased): string {
  const name = device.alias?.name;
  if (name === undefined)
    throw virError("internalError", "a device without alias cannot be plugged");
  return name;
}
