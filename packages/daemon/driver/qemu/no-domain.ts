/** The error for a domain that is not there, in libvirt's words. */
import { virError, type VireoError } from "@vireo/model/error";
import type { DomainRef } from "@vireo/model/operation/domain-value";

export function noDomain(ref: DomainRef): VireoError {
  if ("uuid" in ref) return virError("noDomain", `no domain with matching uuid '${ref.uuid}'`);
  if ("name" in ref) return virError("noDomain", `no domain with matching name '${ref.name}'`);
  return virError("noDomain", `no domain with matching id ${ref.id}`);
}
