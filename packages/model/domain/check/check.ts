/** Rules across elements: what libvirt refuses although every value is legal. */
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import type { ResolvedDomain } from "../resolve/resolved-domain.ts";

export type Check = (domain: Domain) => void;

const GENERAL: readonly Check[] = [];

/** The rules that hold for every hypervisor. @throws {VireoError} for the first one broken. */
export function checkParsedDomain(domain: Domain): void {
  for (const check of GENERAL) check(domain);
}

export type QemuCheck = (domain: ResolvedDomain, facts: ResolveFacts) => void;
const FOR_QEMU: readonly QemuCheck[] = [];

/** All rules, those of QEMU included. @throws {VireoError} for the first one broken. */
export function checkDomain(domain: ResolvedDomain, facts: ResolveFacts): void {
  checkParsedDomain(domain);
  for (const check of FOR_QEMU) check(domain, facts);
}
