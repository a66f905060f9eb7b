/** UUIDs as libvirt reads and prints them. */
import { type Scalar, stringWhere } from "./schema/scalar.ts";

/**
 * `text` in libvirt's notation (lower case, `8-4-4-4-12`), or `undefined` when it is no UUID.
 * Like libvirt it takes hyphens anywhere between whole bytes and blanks around.
 */
export function parseUuid(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^[0-9a-f]{2}(?:-?[0-9a-f]{2}){15}$/i.test(trimmed)) return undefined;
  return formatUuid(trimmed.replaceAll("-", "").toLowerCase());
}

const formatUuid = (digits: string): string =>
  [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join("-");

/** The 16 bytes of a UUID in libvirt's notation. */
export const uuidBytes = (uuid: string): Uint8Array =>
  Uint8Array.from(uuid.replaceAll("-", "").match(/../g) ?? [], (digits) =>
    Number.parseInt(digits, 16),
  );

/** The notation of 16 bytes. */
export const uuidFromBytes = (bytes: Uint8Array): string =>
  formatUuid(
    Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );

/** 16 random bytes as a version-4 UUID. */
export function uuidFromRandom(random: Uint8Array): string {
  const bytes = Uint8Array.from(random.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidFromBytes(bytes);
}

/** libvirt refuses a definition whose UUID is all the same byte: 0 or 255. */
export const isValidUuid = (uuid: string): boolean => !/^[0-]+$|^[f-]+$/.test(uuid);

export const uuid: Scalar<string> = stringWhere("a UUID", parseUuid);
