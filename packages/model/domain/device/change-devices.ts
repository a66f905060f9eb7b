/** A definition with one device more, less or changed. Pure. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import type { Devices } from "./devices.ts";
import { deviceMissing, sameDevice } from "./match-device.ts";
import type { DeviceKind, DeviceOf, KindedDevice } from "./parse-device.ts";

interface Place {
  readonly alias?: { readonly name: string };
}

/** Leases only have none. */
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
  const added = { kind, device } as KindedDevice; // taken apart above
  return withMemory(withList(domain, kind, [...present, device]), moduleKiB(added));
}

export function removeDevice<D extends Domain>(domain: D, kind: DeviceKind, index: number): D {
  const present = listOf(domain, kind);
  const removed = { kind, device: present[index] } as KindedDevice;
  const rest = withList(
    domain,
    kind,
    present.filter((_, i) => i !== index),
  );
  return withMemory(rest, -moduleKiB(removed));
}

/** Memory that comes and goes with the device. */
const moduleKiB = ({ kind, device }: KindedDevice): number =>
  kind === "memories" ? (device.target?.sizeKiB ?? 0) : 0;

/** The total counts modules in; the balloon gives a new one to the guest and cannot keep a lost one. */
function withMemory<D extends Domain>(domain: D, changeKiB: number): D {
  const { memory, currentMemoryKiB } = domain;
  if (changeKiB === 0 || memory?.sizeKiB === undefined) return domain;
  const sizeKiB = memory.sizeKiB + changeKiB;
  const current = (currentMemoryKiB ?? memory.sizeKiB) + Math.max(changeKiB, 0);
  return {
    ...domain,
    memory: { ...memory, sizeKiB },
    currentMemoryKiB: Math.min(current, sizeKiB),
  };
}

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

const placesOf = (domain: Domain, wanted: KindedDevice): readonly number[] =>
  listOf(domain, wanted.kind).flatMap((device, index) =>
    sameDevice({ kind: wanted.kind, device } as KindedDevice, wanted) ? [index] : [],
  );

export const hasDevice = (domain: Domain, wanted: KindedDevice): boolean =>
  placesOf(domain, wanted).length > 0;

/**
 * @throws VireoError `deviceMissing` or `invalidArg` when there is none, `operationFailed` when several interfaces
 * have the address that is all that is known of the wanted one
 */
export function findDevice(domain: Domain, wanted: KindedDevice, live = false): number {
  const found = placesOf(domain, wanted);
  const [index] = found;
  if (index === undefined) throw deviceMissing(wanted, live);
  if (found.length > 1 && wanted.kind === "interfaces")
    throw virError(
      "operationFailed",
      `multiple devices matching MAC address ${wanted.device.mac?.address ?? ""} found`,
    );
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
