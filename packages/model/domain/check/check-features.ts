/** Features of boards that this board does not have. */
import type { Domain } from "../domain.ts";
import { isArmVirt, isPseries, isQ35 } from "../machine.ts";
import { isX86 } from "../arch.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { unsupported, wrongXml } from "./refuse.ts";

const onX86 = ({ os }: Domain): boolean => isX86(os?.type?.arch);

/** Features that only some boards have. */
const BOARDS = [
  { key: "hpt", name: "hpt", has: isPseries },
  { key: "htm", name: "htm", has: isPseries },
  { key: "nestedHv", name: "nested-hv", has: isPseries },
  { key: "ccfAssist", name: "ccf-assist", has: isPseries },
  { key: "cfpc", name: "cfpc", has: isPseries },
  { key: "sbbc", name: "sbbc", has: isPseries },
  { key: "ibs", name: "ibs", has: isPseries },
  { key: "gic", name: "gic", has: isArmVirt },
  { key: "vmport", name: "vmport", has: onX86 },
  { key: "ioapic", name: "ioapic", has: onX86 },
] as const;

/** Features of single architectures and boards. */
export function checkFeatures(domain: Domain): void {
  const { arch = "", machine = "" } = domain.os?.type ?? {};
  const wrong = BOARDS.find(({ key, has }) => domain.features?.[key] !== undefined && !has(domain));
  if (wrong !== undefined)
    unsupported(
      `The '${wrong.name}' feature is not supported for architecture '${arch}' or machine type '${machine}'`,
    );
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

/** Hyper-V's own limits. */
export function checkHyperV({ features }: Domain): void {
  const { spinlocks, vendorId } = features?.hyperv ?? {};
  if (spinlocks?.state === true && (spinlocks.retries ?? LEAST_RETRIES) < LEAST_RETRIES)
    wrongXml(`HyperV spinlock retry count must be at least ${LEAST_RETRIES}`);
  if (vendorId?.state !== true) return;
  const { value } = vendorId;
  if (value === undefined) wrongXml("missing 'value' attribute for HyperV feature 'vendor_id'");
  else if (value.length > 12)
    wrongXml("HyperV vendor_id value must not be more than 12 characters.");
  else if (value.includes(",")) wrongXml("HyperV vendor_id value is invalid");
}
const LEAST_RETRIES = 4095;

/** Encrypted guests need a QEMU and a host that can. */
export function checkLaunchSecurity(
  { launchSecurity }: Domain,
  { capabilities }: Pick<ResolveFacts, "capabilities">,
): void {
  if (launchSecurity?.type === "sev" && !capabilities.has("sev-guest"))
    unsupported("SEV launch security is not supported with this QEMU binary");
  if (launchSecurity?.type === "s390-pv" && !capabilities.has("s390-pv-guest"))
    unsupported("S390 PV launch security is not supported with this QEMU binary");
}
