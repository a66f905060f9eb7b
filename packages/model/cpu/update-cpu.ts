/** From the CPU that a definition asks for to the one that a host will give. */
import type { Cpu } from "../domain/cpu.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { type VireoError, virError } from "../error.ts";
import { factsOf, modelOf, policiesOf } from "./cpu-description.ts";
import type { CpuMap, CpuSignature } from "./cpu-map.ts";
import {
  type CpuFeaturePolicy,
  decodeCpu,
  type NamedCpu,
  type OfferedModel,
} from "./decode-cpu.ts";

/** A later word on a feature replaces an earlier one in its place. */
const merged = (
  base: readonly CpuFeaturePolicy[],
  own: readonly CpuFeaturePolicy[],
): readonly CpuFeaturePolicy[] => [
  ...new Map([...base, ...own].map((one) => [one.name, one])).values(),
];

/** What was left open is settled by what the host has. */
const settled = (cpu: Cpu, has: ReadonlySet<string>): readonly CpuFeaturePolicy[] =>
  policiesOf(cpu).map(({ name, policy }) =>
    policy === "optional"
      ? { name, policy: has.has(name) ? "require" : "disable" }
      : { name, policy },
  );

/** A guest that takes the host's model, with its own wishes on top. */
function likeHost(cpu: Cpu, host: NamedCpu, has: ReadonlySet<string>): Cpu {
  const { vendorId, fallback = "allow" } = cpu.model ?? {};
  return {
    ...cpu,
    mode: "custom",
    match: "exact",
    model: { name: host.model, fallback, ...(vendorId === undefined ? {} : { vendorId }) },
    // a minimum is content with any maker that comes near
    ...(host.vendor === undefined || cpu.match === "minimum" ? {} : { vendor: host.vendor }),
    features: merged(host.features, settled(cpu, has)),
  };
}

/**
 * Modes and matches that depend on the host are settled; `host` is already without what cannot migrate.
 * @throws VireoError `internalError` for a model or feature that the map does not know
 */
export function updateCpu(cpu: Cpu, host: NamedCpu, map: CpuMap): Cpu {
  const has = factsOf({ model: { name: host.model }, features: host.features }, map).features;
  if (cpu.mode === "host-model" || cpu.match === "minimum") return likeHost(cpu, host, has);
  if (cpu.mode === "host-passthrough" || cpu.mode === "maximum") return cpu;
  return { ...cpu, features: settled(cpu, has) };
}

/**
 * A model that the hypervisor lacks is replaced by the nearest one that it has.
 * @throws VireoError `configUnsupported` when the definition forbids that
 */
export function translateCpu(cpu: Cpu, map: CpuMap, offered: readonly OfferedModel[]): Cpu {
  const name = cpu.model?.name;
  if (name === undefined || (cpu.mode ?? "custom") !== "custom") return cpu;
  if (offered.some((one) => one.name === name)) return cpu;
  if (cpu.model?.fallback === "forbid") throw notOffered(name);
  const signature = signatureOf(cpu, map);
  const facts = { ...factsOf(cpu, map), ...(signature === undefined ? {} : { signature }) };
  const found = decodeCpu(facts, map, { kind: "guest", offered });
  return {
    ...cpu,
    model: { ...cpu.model, name: found.model },
    features: merged(found.features, policiesOf(cpu)),
  };
}

/** A processor that the model was made for: a relative of it is the better substitute. */
function signatureOf(cpu: Cpu, map: CpuMap): CpuSignature | undefined {
  const [first] = modelOf(cpu, map)?.signatures ?? [];
  if (first === undefined) return undefined;
  const { family, model, steppings = [] } = first;
  return { family, model, stepping: steppings[0] ?? 0 };
}

const notOffered = (model: string): VireoError =>
  virError("configUnsupported", `CPU model ${model} is not supported by hypervisor`, {
    from: ErrorDomain.cpu,
  });
