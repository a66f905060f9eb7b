/** MAC addresses as libvirt reads and prints them. */
import { type Scalar, stringWhere } from "./schema/scalar.ts";

/** `text` as six lower-case pairs, or `undefined` when it is no MAC address. A pair may be written with one digit. */
export function parseMac(text: string): string | undefined {
  const parts = text.split(":");
  if (parts.length !== 6 || parts.some((part) => !/^[0-9a-f]{1,2}$/i.test(part))) return undefined;
  return parts.map((part) => part.toLowerCase().padStart(2, "0")).join(":");
}

/** The first bit sent says that a frame goes to many. */
export const isMulticastMac = (mac: string): boolean =>
  (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

/** A MAC address from a 24-bit prefix (`52:54:00`) and three random bytes. */
export const macFromRandom = (prefix: string, random: Uint8Array): string =>
  [prefix, ...Array.from(random.subarray(0, 3), (byte) => byte.toString(16).padStart(2, "0"))].join(
    ":",
  );

export const mac: Scalar<string> = stringWhere("a MAC address", parseMac);
