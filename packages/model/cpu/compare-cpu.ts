/** Whether a host can run a guest with the described CPU. */
import { type CpuDescription, featuresWith, modelOf } from "./cpu-description.ts";
import type { CpuFacts } from "./cpu-facts.ts";
import type { CpuMap } from "./cpu-map.ts";

export interface ComparisonHost extends CpuFacts {
  readonly arch: string;
}

export interface CpuComparison {
  readonly result: "incompatible" | "identical" | "superset";
  /** Why it is incompatible. */
  readonly reason?: string;
}

/** Architectures that run on each other's processors. */
const FAMILY: Readonly<Record<string, string>> = { i686: "x86", x86_64: "x86" };

const no = (reason: string): CpuComparison => ({ result: "incompatible", reason });

function foreign(host: ComparisonHost, { arch, vendor }: CpuDescription): string | undefined {
  if (arch !== undefined && (FAMILY[arch] ?? arch) !== (FAMILY[host.arch] ?? host.arch))
    return `CPU arch ${arch} does not match host arch`;
  if (vendor !== undefined && vendor !== host.vendor)
    return `host CPU vendor does not match required CPU vendor ${vendor}`;
  return undefined;
}

/** @throws VireoError `internalError` for a model or feature that the map does not know */
export function compareCpu(host: ComparisonHost, cpu: CpuDescription, map: CpuMap): CpuComparison {
  const reason = foreign(host, cpu);
  if (reason !== undefined) return no(reason);
  const required = new Set([
    ...(modelOf(cpu, map)?.features ?? []),
    ...featuresWith(cpu, map, "require"),
  ]);
  // what is switched by hand, or left open, asks nothing of the host
  const free = featuresWith(cpu, map, "force", "optional", "disable");
  const forbidden = featuresWith(cpu, map, "forbid");
  const pick = (wanted: (name: string) => boolean): string =>
    map.features.flatMap(({ name }) => (wanted(name) ? [name] : [])).join(", ");
  const unwanted = pick((name) => forbidden.has(name) && host.features.has(name));
  if (unwanted !== "") return no(`Host CPU provides forbidden features: ${unwanted}`);
  const lacking = pick((name) => required.has(name) && !free.has(name) && !host.features.has(name));
  if (lacking !== "") return no(`Host CPU does not provide required features: ${lacking}`);
  const extra = pick((name) => host.features.has(name) && !required.has(name) && !free.has(name));
  if (extra === "") return { result: "identical" };
  return cpu.match === "strict"
    ? no(`Host CPU does not strictly match guest CPU: Extra features: ${extra}`)
    : { result: "superset" };
}
