/** Values that several operations on storage share. */
import { POOL_TYPES } from "../storage/pool-kind.ts";
import { VOLUME_TYPES } from "../storage/volume.ts";
import {
  count,
  doc,
  either,
  oneOf,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

export const poolRef = doc(
  either(
    record({ uuid: doc(text, "UUID of the pool.") }),
    record({ name: doc(text, "Name of the pool.") }),
  ),
  "Which pool.",
);
export type PoolRef = ValueType<typeof poolRef>;

export const poolIdentity = record({ name: text, uuid: text });
export type PoolIdentity = ValueType<typeof poolIdentity>;

/** What a list entry tells, so that filtering needs no second question. */
export const poolSummary = record({
  name: text,
  uuid: text,
  type: oneOf(...POOL_TYPES),
  active: truth,
  persistent: truth,
  autostart: truth,
});
export type PoolSummary = ValueType<typeof poolSummary>;

/** States of a pool, in the order of libvirt's numbers (the first is 0). */
export const POOL_STATES = ["inactive", "building", "running", "degraded", "inaccessible"] as const;

export const poolInfo = record({
  state: oneOf(...POOL_STATES),
  capacity: doc(count, "Bytes in all."),
  allocation: doc(count, "Bytes taken."),
  available: doc(count, "Bytes left."),
  ageMs: doc(count, "Milliseconds since the storage was looked at."),
  unreachable: doc(optional(text), "Why the storage cannot be looked at now."),
});
export type PoolInfo = ValueType<typeof poolInfo>;

export const volumeRef = doc(
  either(
    record({ pool: doc(text, "Name of the pool."), name: doc(text, "Name of the volume.") }),
    record({ key: doc(text, "Key of the volume.") }),
    record({ path: doc(text, "Path of the volume.") }),
  ),
  "Which volume.",
);
export type VolumeRef = ValueType<typeof volumeRef>;

export const volumeIdentity = record({ pool: text, name: text, key: text });
export type VolumeIdentity = ValueType<typeof volumeIdentity>;

export const volumeInfo = record({
  type: oneOf(...VOLUME_TYPES),
  capacity: doc(count, "Bytes the guest sees."),
  allocation: doc(count, "Bytes taken from the pool."),
  physical: doc(optional(count), "Bytes of the file."),
});
export type VolumeInfo = ValueType<typeof volumeInfo>;
