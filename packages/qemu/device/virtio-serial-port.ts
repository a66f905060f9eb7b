/** A port of a virtio-serial controller. */
import type { Address } from "@vireo/model/domain/device/address";
import type { JsonObject } from "../json.ts";
import { controllerAlias } from "./controller-alias.ts";
import type { DeviceScope } from "./scope.ts";

/** Bus and number of the port. */
export function serialPortProps(address: Address | undefined, { domain }: DeviceScope): JsonObject {
  if (address?.type !== "virtio-serial") return {};
  const controller = controllerAlias(domain, "virtio-serial", address.controller ?? 0);
  return { bus: `${controller}.${address.bus ?? 0}`, nr: address.port };
}
