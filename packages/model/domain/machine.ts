/** What kind of board a machine type is. */
import { isArm, isPseriesArch, isX86 } from "./arch.ts";
import type { Domain } from "./domain.ts";

const machineOf = (domain: Domain): string => domain.os?.type?.machine ?? "";
const archOf = (domain: Domain): string | undefined => domain.os?.type?.arch;

/** `name` alone or `name-<version>`. */
const isKind = (machine: string, name: string): boolean =>
  machine === name || machine.startsWith(`${name}-`);

/** PC with PCI Express: `q35`, `pc-q35-7.2`. */
export const isQ35 = (domain: Domain): boolean =>
  isX86(archOf(domain)) && (isKind(machineOf(domain), "pc-q35") || machineOf(domain) === "q35");

/** PC with PCI: `pc`, `pc-i440fx-7.2`, `pc-0.12`, `rhel6.0.0`. */
export function isI440fx(domain: Domain): boolean {
  const machine = machineOf(domain);
  return (
    isX86(archOf(domain)) &&
    (machine === "pc" || /^pc-(\d|i440fx)/.test(machine) || machine.startsWith("rhel"))
  );
}
export const isMicroVm = (domain: Domain): boolean =>
  isX86(archOf(domain)) && machineOf(domain) === "microvm";
/** ARM's `virt`. */
export const isArmVirt = (domain: Domain): boolean =>
  isArm(archOf(domain)) && isKind(machineOf(domain), "virt");
export const isRiscvVirt = (domain: Domain): boolean =>
  (archOf(domain) === "riscv64" || archOf(domain) === "riscv32") &&
  isKind(machineOf(domain), "virt");
export const isPseries = (domain: Domain): boolean =>
  isPseriesArch(archOf(domain)) && isKind(machineOf(domain), "pseries");
export const isS390Ccw = (domain: Domain): boolean => isKind(machineOf(domain), "s390-ccw");
