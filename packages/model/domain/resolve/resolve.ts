/**
 * From what was written to what is meant: defaults, one step after another, each a function of the domain and of facts.
 * `settleDomain` is what libvirt does for every hypervisor; `resolveDomain` adds what QEMU needs.
 */
import type { Domain } from "../domain.ts";
import { PLACE_DEVICES, PREPARE_DEVICES } from "./address.ts";
import { completeDevices, settleDevices } from "./device-defaults.ts";
import type { ResolveFacts, ResolveOptions } from "./facts.ts";
import { resolveCpuCheck, resolveDefaultCpu, settleCpu } from "./resolve-cpu.ts";
import { resolveClock, resolveIdentity, resolveLifecycle } from "./resolve-lifecycle.ts";
import { resolveMemory } from "./resolve-memory.ts";
import { resolveNumaCpus, settleNuma } from "./resolve-numa.ts";
import { resolveNvram } from "./resolve-nvram.ts";
import {
  checkEmulatorArch,
  resolveBoot,
  resolveEmulator,
  resolveMachine,
  resolveArch,
} from "./resolve-os.ts";
import { resolveIoThreads, resolveNumaTune, resolveVcpu, settleVcpus } from "./resolve-vcpu.ts";
import type { ResolvedDomain, ResolveStep } from "./resolved-domain.ts";
import { settleCpuTune } from "./settle-cputune.ts";
import { settleOs } from "./settle-os.ts";
import { settleSeclabels } from "./settle-seclabels.ts";
import { settleSysinfo } from "./settle-sysinfo.ts";

type Step = ResolveStep<ResolveFacts & ResolveOptions>;

/** What needs no hypervisor. */
const FIRST: readonly Step[] = [
  resolveIdentity,
  resolveArch,
  settleNuma,
  resolveMemory,
  resolveVcpu,
  settleVcpus,
  resolveNumaTune,
  resolveIoThreads,
  settleCpuTune,
  settleSysinfo,
  settleOs,
  settleSeclabels,
  settleCpu,
  resolveClock,
  resolveLifecycle,
  settleDevices,
];

/** What QEMU adds. */
const FOR_QEMU: readonly Step[] = [
  checkEmulatorArch,
  resolveEmulator,
  resolveMachine,
  resolveNvram,
  resolveDefaultCpu,
  resolveCpuCheck,
  resolveNumaCpus,
  ...PREPARE_DEVICES,
];

/** What follows from all devices together. */
const LAST: readonly Step[] = [resolveBoot, completeDevices];

/** All the way to a domain ready for QEMU, in order; each step leaves what is written already. */
export const QEMU_STEPS: readonly Step[] = [...FIRST, ...FOR_QEMU, ...LAST, ...PLACE_DEVICES];

const walk = (
  domain: Domain,
  steps: readonly Step[],
  facts: ResolveFacts & ResolveOptions,
): Domain => steps.reduce((so, step) => step(so, facts), domain);

/**
 * The defaults that do not depend on the hypervisor.
 * @throws {VireoError} for what cannot be completed.
 */
export const settleDomain = (domain: Domain, facts: ResolveFacts & ResolveOptions): Domain =>
  walk(domain, [...FIRST, ...LAST], facts);

/**
 * A domain ready for QEMU: nothing left to be guessed.
 * @throws {VireoError} for what cannot be completed on this host or by this QEMU.
 */
export function resolveDomain(
  domain: Domain,
  facts: ResolveFacts,
  options: ResolveOptions = {},
): ResolvedDomain {
  const resolved = walk(domain, QEMU_STEPS, { ...facts, ...options });
  if (!isResolved(resolved)) throw new Error(`Domain '${domain.name}' was not resolved completely`);
  return resolved;
}

export const isResolved = (domain: Domain): domain is ResolvedDomain =>
  domain.uuid !== undefined &&
  domain.memory !== undefined &&
  domain.currentMemoryKiB !== undefined &&
  domain.vcpu !== undefined &&
  domain.clock !== undefined &&
  domain.os?.type?.arch !== undefined &&
  domain.os.type.machine !== undefined &&
  domain.devices?.emulator !== undefined;
