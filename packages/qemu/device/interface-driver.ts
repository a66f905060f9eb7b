/** `<driver>` of an interface: absent where a card of the host is handed over. */
import type { Interface } from "@vireo/model/domain/device/interface";

export type InterfaceDriver = NonNullable<Extract<Interface, { type: "bridge" }>["driver"]>;

export const driverOf = (net: Interface): InterfaceDriver | undefined =>
  net.type === "hostdev" ? undefined : net.driver;
