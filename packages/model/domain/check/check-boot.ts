/** Boot order: by kind of device or by device, not both. */
import type { Domain } from "../domain.ts";
import { bootOrders } from "../resolve/boot-order.ts";
import { unsupported, wrongXml } from "./refuse.ts";

/** Each place in the order is taken once. */
export function checkBootOrder(domain: Domain): void {
  const orders = bootOrders(domain);
  const seen = new Set<number>();
  for (const order of orders) {
    if (seen.has(order)) wrongXml(`boot order '${order}' used for more than one device`);
    seen.add(order);
  }
  if (orders.length > 0 && (domain.os?.boots ?? []).length > 0)
    unsupported("per-device boot elements cannot be used together with os/boot elements");
}
