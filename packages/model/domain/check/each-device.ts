import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";

/** A rule about one device; the domain is at hand for what it must agree with. */
export type DeviceRule<T> = (device: T, domain: Domain) => void;

/** A check that asks `rules` about every device that `pick` finds. */
export const eachDevice =
  <T>(pick: (devices: Devices) => readonly T[] | undefined, ...rules: readonly DeviceRule<T>[]) =>
  (domain: Domain): void => {
    for (const device of pick(domain.devices ?? {}) ?? [])
      for (const rule of rules) rule(device, domain);
  };

/** Checks in a row, as one. */
export const inTurn =
  (...checks: readonly ((domain: Domain) => void)[]) =>
  (domain: Domain): void => {
    for (const check of checks) check(domain);
  };
