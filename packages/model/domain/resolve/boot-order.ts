import type { Domain } from "../domain.ts";

interface Bootable {
  readonly boot?: { readonly order: number };
}
const isBootable = (device: unknown): device is Bootable =>
  typeof device === "object" && device !== null && "boot" in device && device.boot !== undefined;

/** The devices that name a place in the boot order. */
export function bootOrders({ devices }: Domain): readonly number[] {
  return Object.values(devices ?? {})
    .flatMap((kind: unknown): readonly unknown[] => (Array.isArray(kind) ? kind : [kind]))
    .filter(isBootable)
    .map(({ boot }) => boot?.order ?? 0);
}
export const bootOrderInUse = (domain: Domain): boolean => bootOrders(domain).length > 0;
