import type { Address } from "../device/address.ts";
import type { Domain } from "../domain.ts";

/** What checks ask of a device of any kind. */
export interface AnyDevice {
  readonly address?: Address;
  readonly alias?: { readonly name: string };
}
const isDevice = (value: unknown): value is AnyDevice =>
  typeof value === "object" && value !== null;

/** All devices of the domain, in print order. */
export const devicesOf = ({ devices }: Domain): readonly AnyDevice[] =>
  Object.values(devices ?? {})
    .flatMap((kind: unknown): readonly unknown[] => (Array.isArray(kind) ? kind : [kind]))
    .filter(isDevice);
