/** The CPU that a domain is started with: what its definition asks for, as this emulator can give it. */
import type { Cpu } from "@vireo/model/domain/cpu";
import { compareCpu } from "@vireo/model/cpu/compare-cpu";
import { factsOf } from "@vireo/model/cpu/cpu-description";
import type { CpuFacts } from "@vireo/model/cpu/cpu-facts";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import { translateCpu, updateCpu } from "@vireo/model/cpu/update-cpu";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { virError } from "@vireo/model/error";
import { type HypervisorCpu, isForGuests, nearestModel } from "./hypervisor-cpu.ts";

/** The emulator's best CPU as its nearest model has it: without what blocks that model. */
export function comparableFacts(cpu: HypervisorCpu, map: CpuMap): CpuFacts {
  const { model, vendor, features } = nearestModel(cpu, map, "full");
  const facts = factsOf({ model: { name: model }, features }, map);
  return { features: facts.features, ...(vendor === undefined ? {} : { vendor }) };
}

/** Whether the definition itself says everything, so that nothing of the host matters. */
const isSelfContained = ({ mode, model }: Cpu): boolean =>
  mode === "host-passthrough" ||
  mode === "maximum" ||
  (mode !== "host-model" && model?.name === undefined);

type Features = NonNullable<Cpu["features"]>;

/** What the model once had and QEMU's still may have: switched off unless the definition wants it. */
function takenOut(model: string | undefined, features: Features, map: CpuMap): Features {
  const named = new Set(features.map(({ name }) => name));
  const { removed = [] } = (model === undefined ? undefined : map.model(model)) ?? {};
  return removed.flatMap((name) => (named.has(name) ? [] : [{ name, policy: "disable" as const }]));
}

/**
 * @throws VireoError `cpuIncompatible` when the definition wants that checked and the host lacks something
 * @throws VireoError `configUnsupported` when the emulator lacks the model and no other will do
 */
export function settleGuestCpu(
  cpu: Cpu,
  { hypervisor, map, arch }: { hypervisor: HypervisorCpu; map: CpuMap; arch: string },
): Cpu {
  if (isSelfContained(cpu)) return cpu;
  const isChecked = cpu.mode === "custom" && cpu.check === "partial";
  if (isChecked) {
    const { result, reason } = compareCpu({ arch, ...comparableFacts(hypervisor, map) }, cpu, map);
    if (result === "incompatible")
      throw virError("cpuIncompatible", reason, { from: ErrorDomain.cpu });
  }
  const updated = updateCpu(cpu, nearestModel(hypervisor, map, "migratable"), map);
  const { model, features = [], ...rest } = translateCpu(updated, map, hypervisor.offered);
  const kept = [...features, ...takenOut(model?.name, features, map)].filter(({ name }) =>
    isForGuests(name),
  );
  return {
    ...rest,
    ...(model === undefined ? {} : { model: { ...model, fallback: "forbid" } }),
    ...(kept.length === 0 ? {} : { features: kept }),
  };
}
