/** Names of the buses that controllers provide. */
import type { Controller, ScsiModel } from "@vireo/model/domain/device/controller";
import { isQ35 } from "@vireo/model/domain/machine";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

type Type = Controller["type"];

/** Companions share the index of their main controller and provide no bus of their own. */
const find = (domain: ResolvedDomain, type: Type, index: number): Controller | undefined =>
  domain.devices.controllers?.find(
    (one) => one.type === type && (one.index ?? 0) === index && one.master === undefined,
  );

/** Id of the controller of a kind and index; what the board has built in, by QEMU's own name. */
export function controllerAlias(domain: ResolvedDomain, type: Type, index: number): string {
  const builtIn = builtInName(domain, type, index);
  return builtIn ?? find(domain, type, index)?.alias?.name ?? `${type}${index}`;
}

function builtInName(domain: ResolvedDomain, type: Type, index: number): string | undefined {
  if (index !== 0) return undefined;
  if (type === "ide" && !isQ35(domain)) return "ide";
  if (type === "sata" && isQ35(domain)) return "ide";
  if (type === "pci") return isQ35(domain) ? "pcie.0" : "pci.0";
  return undefined;
}

/** Chip of a SCSI controller, which decides how units are numbered. */
export function scsiModel(domain: ResolvedDomain, index: number): ScsiModel | undefined {
  const controller = find(domain, "scsi", index);
  return controller?.type === "scsi" ? controller.model : undefined;
}
