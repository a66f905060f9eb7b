/** Where a unit sits on a SCSI controller. */
import type { Address } from "@vireo/model/domain/device/address";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { JsonObject } from "../json.ts";
import { controllerAlias, scsiModel } from "./controller-alias.ts";

/** Chips that know one unit per target: `scsi-id` alone tells them apart. */
const NARROW = new Set<string | undefined>([
  "lsilogic",
  "dc390",
  "am53c974",
  "ncr53c90",
  "buslogic",
]);

/** Numbers of a unit on a disk controller. */
export function drivePlace(address: Address | undefined): {
  readonly controller: number;
  readonly bus: number;
  readonly target: number;
  readonly unit: number;
} {
  const drive = address?.type === "drive" ? address : {};
  return { controller: 0, bus: 0, target: 0, unit: 0, ...drive };
}

export function scsiPlace(address: Address | undefined, domain: ResolvedDomain): JsonObject {
  const { controller, bus, target, unit } = drivePlace(address);
  const alias = controllerAlias(domain, "scsi", controller);
  if (NARROW.has(scsiModel(domain, controller))) return { bus: `${alias}.${bus}`, "scsi-id": unit };
  return { bus: `${alias}.0`, channel: bus, "scsi-id": target, lun: unit };
}
