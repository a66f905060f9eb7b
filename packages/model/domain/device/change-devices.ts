/** A definition with one device more, less or changed. Pure. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import { deviceWord } from "./device-support.ts";
import type { Devices } from "./devices.ts";
import type { DeviceKind, DeviceOf, KindedDevice } from "./parse-device.ts";

interface Place {
  readonly alias?: { readonly name: string };
  readonly address?: object;
}

/** Every kind of device may have these; leases only have neither. */
const placeOf = (device: object): Place => device;

const isList = (member: object): member is readonly object[] => Array.isArray(member);

/** All devices of a kind, also of one of which there is one at most. */
export function devicesOf(devices: Devices | undefined, kind: DeviceKind): readonly object[] {
  const member: object | readonly object[] | undefined = devices?.[kind];
  if (member === undefined) return [];
  return isList(member) ? member : [member];
}

const listOf = <K extends DeviceKind>(domain: Domain, kind: K): readonly DeviceOf<K>[] =>
  devicesOf(domain.devices, kind) as readonly DeviceOf<K>[]; // by DeviceKind

const SINGLE: ReadonlySet<DeviceKind> = new Set(["memballoon", "nvram", "iommu", "vsock"]);

const withList = <D extends Domain>(domain: D, kind: DeviceKind, list: readonly object[]): D => {
  const { [kind]: _old, ...rest }: Partial<Devices> = domain.devices ?? {};
  const member = SINGLE.has(kind) ? list[0] : list;
  return { ...domain, devices: list.length === 0 ? rest : { ...rest, [kind]: member } };
};

/** @throws VireoError `operationInvalid` when there is one already and may be no second */
export function addDevice<D extends Domain>(domain: D, { kind, device }: KindedDevice): D {
  const present = listOf(domain, kind);
  if (SINGLE.has(kind) && present.length > 0)
    throw virError("operationInvalid", `domain already has a ${kind} device`);
  return withList(domain, kind, [...present, device]);
}

export const removeDevice = <D extends Domain>(domain: D, kind: DeviceKind, index: number): D =>
  withList(
    domain,
    kind,
    listOf(domain, kind).filter((_, i) => i !== index),
  );

export const replaceDevice = <D extends Domain>(
  domain: D,
  { kind, device }: KindedDevice,
  index: number,
): D =>
  withList(
    domain,
    kind,
    listOf(domain, kind).map((one, i) => (i === index ? device : one)),
  );

const sameObject = (a: object | undefined, b: object | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What tells a device of a kind from its siblings, besides alias and address. */
function key({ kind, device }: KindedDevice): string | undefined {
  switch (kind) {
    case "disks":
      return device.target?.dev;
    case "interfaces":
      return device.mac?.address;
    case "filesystems":
      return device.target?.dir;
    case "graphics":
      return device.type;
    default:
      return undefined;
  }
}

/** Whatever is written in `wanted` is so in `one`; what is not written does not matter. */
function covers(one: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return one === wanted;
  if (typeof one !== "object" || one === null) return false;
  const there = one as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, value]) => covers(there[name], value));
}

function matches(candidate: KindedDevice, wanted: KindedDevice): boolean {
  const one = placeOf(candidate.device);
  const other = placeOf(wanted.device);
  if (other.alias !== undefined) return one.alias?.name === other.alias.name;
  if (other.address !== undefined && !sameObject(one.address, other.address)) return false;
  const wantedKey = key(wanted);
  if (wantedKey !== undefined) return key(candidate) === wantedKey;
  return other.address !== undefined || covers(candidate.device, wanted.device);
}

/** Words of libvirt for a device that is not there. */
function missing({ kind, device }: KindedDevice): string {
  if (kind === "disks") return `no target device ${device.target?.dev ?? ""}`;
  if (kind !== "interfaces") return `no matching ${deviceWord(kind)} device was found`;
  const alias = device.alias?.name ?? "(<null>)";
  return `no device found at address '(<null>)' matching MAC address '${device.mac?.address ?? "(<null>)"}' and alias '${alias}'`;
}

/** @throws VireoError `deviceMissing` when there is none */
export function findDevice(domain: Domain, wanted: KindedDevice): number {
  const index = listOf(domain, wanted.kind).findIndex((device) =>
    matches({ kind: wanted.kind, device } as KindedDevice, wanted),
  );
  if (index < 0) throw virError("deviceMissing", missing(wanted));
  return index;
}

export interface DevicePlace {
  readonly kind: DeviceKind;
  readonly index: number;
}

/** @throws VireoError `internalError` when no device has this alias */
export function findAlias(domain: Domain, alias: string): DevicePlace {
  const place = placeOfAlias(domain, alias);
  if (place === undefined) throw virError("internalError", `no device found with alias ${alias}`);
  return place;
}

export function placeOfAlias(domain: Domain, alias: string): DevicePlace | undefined {
  for (const kind of Object.keys(domain.devices ?? {}) as DeviceKind[]) {
    const index = devicesOf(domain.devices, kind).findIndex(
      (one) => placeOf(one).alias?.name === alias, // texts such as the emulator have none
    );
    if (index >= 0) return { kind, index };
  }
  return undefined;
}
