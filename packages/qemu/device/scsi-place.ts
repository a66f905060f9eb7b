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

export function scsiPlace(address: Address | undefined, domain: ResolvedDomain): JsonObject {
  const drive = address?.type === "drive" ? address : undefined;
  const controller = drive?.controller ?? 0;
  const alias = controllerAlias(domain, "scsi", controller);
  if (NARROW.has(scsiModel(domain, controller)))
    return { bus: `${alias}.${drive?.bus ?? 0}`, "scsi-id": drive?.unit ?? 0 };
  return {
    bus: `${alias}.0`,
    channel: drive?.bus ?? 0,
    "scsi-id": drive?.target ?? 0,
    lun: drive?.unit ?? 0,
  };
}
