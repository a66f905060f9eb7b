/** libvirt's wire forms of our values. */
import {
  DOMAIN_STATES,
  type DomainIdentity,
  type DomainRef,
} from "@vireo/model/operation/domain-value";
import type { domain } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";

type WireDomain = ValueOf<typeof domain>;

export const wireDomain = ({ name, uuid, id }: DomainIdentity): WireDomain => ({
  name,
  uuid,
  id: id ?? -1,
});

/** Only the UUID of a reference counts; name and id may be stale (libvirt behaviour). */
export const domainOf = ({ uuid }: WireDomain): DomainRef => ({ uuid });

export const stateNumber = (state: (typeof DOMAIN_STATES)[number]): number =>
  DOMAIN_STATES.indexOf(state);

export const wireTruth = (value: boolean): number => (value ? 1 : 0);

/** A bitmap as libvirt lays out CPU maps: bit n of byte n / 8, least significant first. */
export function cpuMap(bits: readonly boolean[], bytes = Math.ceil(bits.length / 8)): Buffer {
  const map = Buffer.alloc(bytes);
  bits.forEach((on, i) => {
    const at = i >> 3;
    if (on && at < bytes) map[at] = (map[at] ?? 0) | (1 << (i & 7));
  });
  return map;
}
