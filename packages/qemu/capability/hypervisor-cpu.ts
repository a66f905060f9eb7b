/** The CPU that an emulator can give a guest at best: facts, and the nearest named model. */
import { type CpuFacts, knownFeatures, migratableFacts } from "@vireo/model/cpu/cpu-facts";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import { decodeCpu, type NamedCpu, type OfferedModel } from "@vireo/model/cpu/decode-cpu";
import type { AcceleratorCapability, QemuCapabilities } from "./capabilities.ts";
import { factsOfExpansion, offeredModels } from "./cpu-expansion.ts";

export interface HypervisorCpu {
  readonly facts: CpuFacts;
  /** Without what would keep a guest from migrating. */
  readonly migratable: CpuFacts;
  readonly offered: readonly OfferedModel[];
  /** Features that the emulator knows how to give, whether or not this host has them. */
  readonly known: ReadonlySet<string>;
}

/** What a host has for itself: monitoring, and bits that an operating system sets. */
const HOST_ONLY: ReadonlySet<string> = new Set([
  "cmt",
  "mbm_total",
  "mbm_local",
  "osxsave",
  "ospke",
]);
/** Whether a guest can be given the feature at all. */
export const isForGuests = (feature: string): boolean => !HOST_ONLY.has(feature);

const forGuests = (facts: CpuFacts): CpuFacts => ({
  ...facts,
  features: new Set([...facts.features].filter(isForGuests)),
});

export const acceleratorOf = (
  { data }: QemuCapabilities,
  virtType: "kvm" | "qemu",
): AcceleratorCapability => (virtType === "kvm" ? data.kvm : undefined) ?? data.tcg;

/** `undefined` when the emulator cannot tell, as for architectures other than x86. */
export function hypervisorCpu(
  caps: QemuCapabilities,
  virtType: "kvm" | "qemu",
  map: CpuMap,
): HypervisorCpu | undefined {
  const { bestCpu, cpuModels } = acceleratorOf(caps, virtType);
  if (bestCpu === undefined) return undefined;
  const [full, part] = [bestCpu.full, bestCpu.migratable ?? bestCpu.full].map((one) =>
    forGuests(factsOfExpansion(one, map)),
  );
  if (full === undefined || part === undefined) return undefined;
  return {
    facts: full,
    migratable: migratableFacts(part, map),
    offered: offeredModels(cpuModels),
    known: knownFeatures(bestCpu.switches, map),
  };
}

/** @throws VireoError `operationFailed` when no model fits */
export const nearestModel = (
  { facts, migratable, offered }: HypervisorCpu,
  map: CpuMap,
  what: "full" | "migratable",
): NamedCpu => decodeCpu(what === "full" ? facts : migratable, map, { kind: "guest", offered });
