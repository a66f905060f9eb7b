/** Features of boards that this board does not have. */
import type { Domain } from "../domain.ts";
import { isArmVirt, isPseries, isQ35 } from "../machine.ts";
import { isX86 } from "../arch.ts";
import { unsupported } from "./refuse.ts";

const PSERIES = {
  hpt: "hpt",
  htm: "htm",
  nestedHv: "nested-hv",
  ccfAssist: "ccf-assist",
  cfpc: "cfpc",
  sbbc: "sbbc",
  ibs: "ibs",
} as const;

/** Features of single architectures and boards. */
export function checkFeatures(domain: Domain): void {
  const { features = {}, os } = domain;
  const arch = os?.type?.arch ?? "";
  const foreign = (name: string): never =>
    unsupported(
      `The '${name}' feature is not supported for architecture '${arch}' or machine type '${os?.type?.machine ?? ""}'`,
    );
  for (const key of ["hpt", "htm", "nestedHv", "ccfAssist", "cfpc", "sbbc", "ibs"] as const)
    if (features[key] !== undefined && !isPseries(domain)) foreign(PSERIES[key]);
  if (features.gic !== undefined && !isArmVirt(domain)) foreign("gic");
  if (features.vmport !== undefined && !isX86(arch)) foreign("vmport");
  if (features.ioapic !== undefined && !isX86(arch)) foreign("ioapic");
}

/** Memory of system management mode: on q35 only, in whole MiB. */
export function checkTseg(domain: Domain): void {
  const tseg = domain.features?.smm?.tseg;
  if (tseg === undefined) return;
  if (domain.features?.smm?.state === false)
    unsupported("SMM TSEG is not supported when SMM is disabled");
  if (!isQ35(domain)) unsupported("SMM TSEG is only supported with q35 machine type");
  if (tseg.sizeKiB % 1024 !== 0) unsupported("SMM TSEG size must be divisible by 1 MiB");
}
