/** Boot order: by kind of device or by device, not both. */
import type { Domain } from "../domain.ts";
import { bootOrders } from "../resolve/boot-order.ts";
import { unsupported, wrongXml } from "./refuse.ts";

/** Each place in the order is taken once. */
export function checkBootOrder(domain: Domain): void {
  const orders = bootOrders(domain);
  const seen = new Set<number>();
  for (const order of orders) {
    if (seen.has(order)) unsupported(`boot order '${order}' used for more than one device`);
    seen.add(order);
  }
  if (orders.length > 0 && (domain.os?.boots ?? []).length > 0)
    unsupported("per-device boot elements cannot be used together with os/boot elements");
}

const MOST = 65_535;

/** Times of the boot menu and of SeaBIOS. */
export function checkBootTimes({ os }: Domain): void {
  const { bootmenu, bios } = os ?? {};
  const { timeout = 0 } = bootmenu ?? {};
  const { rebootTimeout = 0 } = bios ?? {};
  if (timeout > MOST)
    unsupported(`invalid value for boot menu timeout, must be in range [0,${MOST}]`);
  if (rebootTimeout < -1 || rebootTimeout > MOST)
    unsupported(`invalid value for rebootTimeout, must be in range [-1,${MOST}]`);
}

/** Messages of SeaBIOS need a serial port. */
export function checkBiosSerial({ os, devices }: Domain): void {
  if (os?.bios?.useserial === true && (devices?.serials ?? []).length === 0)
    wrongXml("need at least one serial port to use BIOS serial output");
}
