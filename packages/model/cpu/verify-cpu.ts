/** The CPU that a guest was asked to be given, against the one that its hypervisor made. */
import type { Cpu } from "../domain/cpu.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { virError } from "../error.ts";
import { factsOf, policiesOf } from "./cpu-description.ts";
import type { CpuMap } from "./cpu-map.ts";
import type { CpuFeaturePolicy } from "./decode-cpu.ts";

interface Deviation {
  readonly extra: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

/** Features of registers that CPUID does not show are taken on trust. */
function deviation(cpu: Cpu, made: ReadonlySet<string>, map: CpuMap): Deviation {
  const asked = factsOf(cpu, map).features;
  const seen = map.features.flatMap(({ name, bits }) => (bits?.source === "cpuid" ? [name] : []));
  return {
    extra: new Set(seen.filter((name) => made.has(name) && !asked.has(name))),
    missing: new Set(seen.filter((name) => asked.has(name) && !made.has(name))),
  };
}

function refuse({ extra, missing }: Deviation): void {
  const parts = [
    ...(extra.size === 0 ? [] : [`extra features: ${[...extra].join(",")}`]),
    ...(missing.size === 0 ? [] : [`missing features: ${[...missing].join(",")}`]),
  ];
  if (parts.length === 0) return;
  const text = `guest CPU doesn't match specification: ${parts.join(", ")}`;
  throw virError("operationFailed", text, { from: ErrorDomain.cpu });
}

/**
 * Describes what was made, so that the guest gets the same CPU again wherever it goes.
 * @throws VireoError `operationFailed` when the definition wants all of it checked and it differs
 */
export function verifyCpu(cpu: Cpu, made: ReadonlySet<string>, map: CpuMap): Cpu {
  if (cpu.mode !== "custom" || cpu.model?.name === undefined) return cpu;
  const differs = deviation(cpu, made, map);
  if (cpu.check === "full") refuse(differs);
  const policy = (name: string): CpuFeaturePolicy["policy"] | undefined => {
    if (differs.extra.has(name)) return "require";
    return differs.missing.has(name) ? "disable" : undefined;
  };
  const own = policiesOf(cpu).map((one) => ({ ...one, policy: policy(one.name) ?? one.policy }));
  const named = new Set(own.map(({ name }) => name));
  const added = map.features.flatMap(({ name }) => {
    const found = named.has(name) ? undefined : policy(name);
    return found === undefined ? [] : [{ name, policy: found }];
  });
  const features = [...own, ...added];
  return { ...cpu, check: "full", ...(features.length === 0 ? {} : { features }) };
}
