/** The best CPU that all of several hosts can give a guest. */
import type { Cpu } from "../domain/cpu.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { type VireoError, virError } from "../error.ts";
import { type CpuDescription, factsOf, modelOf, policiesOf } from "./cpu-description.ts";
import { type CpuFacts, migratableFacts } from "./cpu-facts.ts";
import type { CpuMap } from "./cpu-map.ts";
import { type CpuFeaturePolicy, decodeCpu, type OfferedModel } from "./decode-cpu.ts";

export interface BaselineOptions {
  /** Models that the hypervisor offers; all of the map when absent. */
  readonly offered?: readonly OfferedModel[];
  /** Features that the hypervisor can give; all when absent. */
  readonly supported?: ReadonlySet<string>;
  /** Leave out what would keep guests from migrating. */
  readonly migratable?: boolean | undefined;
  /** Name the model's own features too. */
  readonly expand?: boolean | undefined;
}

const failed = (text: string): VireoError =>
  virError("operationFailed", text, { from: ErrorDomain.cpu });

/** One maker for all; the description of a CPU may leave it to the model. */
function commonVendor(cpus: readonly CpuDescription[], map: CpuMap): string | undefined {
  for (const cpu of cpus) {
    const theirs = modelOf(cpu, map)?.vendor;
    if (cpu.vendor !== undefined && theirs !== undefined && cpu.vendor !== theirs)
      throw failed(
        `CPU vendor ${theirs} of model ${cpu.model?.name ?? ""} differs from vendor ${cpu.vendor}`,
      );
  }
  const vendors = new Set(cpus.flatMap((cpu) => factsOf(cpu, map).vendor ?? []));
  if (vendors.size > 1) throw failed("CPU vendors do not match");
  return [...vendors][0];
}

function commonFeatures(cpus: readonly CpuDescription[], map: CpuMap): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = cpus.map((cpu) => factsOf(cpu, map).features);
  return new Set([...first].filter((name) => others.every((one) => one.has(name))));
}

/** The model's own features, spelled out; all in the order of the alphabet. */
export function expandFeatures(cpu: Cpu, map: CpuMap): Cpu {
  const own = new Map(policiesOf(cpu).map((one) => [one.name, one]));
  const ofModel = [...(modelOf(cpu, map)?.features ?? [])]
    .filter((name) => !own.has(name))
    .map((name): CpuFeaturePolicy => ({ name, policy: "require" }));
  const features = [...own.values(), ...ofModel].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...cpu, features };
}

/** @throws VireoError `operationFailed` when the CPUs have nothing in common */
export function baselineCpu(
  cpus: readonly CpuDescription[],
  map: CpuMap,
  { offered, supported, migratable = false, expand = false }: BaselineOptions = {},
): Cpu {
  const vendor = commonVendor(cpus, map);
  const features = [...commonFeatures(cpus, map)].filter((name) => supported?.has(name) ?? true);
  const all: CpuFacts = {
    ...(vendor === undefined ? {} : { vendor }),
    features: new Set(features),
  };
  const facts = migratable ? migratableFacts(all, map) : all;
  if (facts.features.size === 0) throw failed("CPUs are incompatible");
  const names = new Set(cpus.map(({ model }) => model?.name));
  const common = names.size === 1 ? [...names][0] : undefined;
  const found = decodeCpu(facts, map, { kind: "guest", offered, preferred: common });
  const cpu: Cpu = {
    mode: "custom",
    match: "exact",
    model: { name: found.model, fallback: found.model === common ? "forbid" : "allow" },
    // a maker is promised only when everybody promised it
    ...(vendor !== undefined && cpus.every((one) => one.vendor !== undefined) ? { vendor } : {}),
    features: found.features,
  };
  return expand ? expandFeatures(cpu, map) : cpu;
}
