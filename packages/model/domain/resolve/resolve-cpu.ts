/** `<cpu>` spelled out: mode, match, check, fallback, and the machine's own CPU where none is named. */
import type { Cpu } from "../cpu.ts";
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "./facts.ts";

/** What libvirt keeps of a `<cpu>` whatever the hypervisor. */
export function settleCpu(domain: Domain): Domain {
  if (domain.cpu === undefined) return domain;
  const { mode, match, model, vendor, migratable, features, ...rest } = domain.cpu;
  const kept = {
    ...rest,
    ...(features === undefined ? {} : { features: features.map(withPolicy) }),
  };
  if (mode === "host-passthrough" || mode === "maximum")
    return {
      ...domain,
      cpu: { ...kept, mode, ...(migratable === undefined ? {} : { migratable }) },
    };
  if (mode === "host-model") return { ...domain, cpu: { ...kept, mode, ...hostModel(model) } };
  if (model?.name === undefined) return { ...domain, cpu: kept };
  const custom = {
    mode: "custom",
    match: match ?? "exact",
    model: { ...model, fallback: model.fallback ?? "allow" },
  } as const;
  return { ...domain, cpu: { ...kept, ...custom, ...(vendor === undefined ? {} : { vendor }) } };
}

const withPolicy = (
  feature: NonNullable<Cpu["features"]>[number],
): NonNullable<Cpu["features"]>[number] => ({
  ...feature,
  policy: feature.policy ?? "require",
});

/** The host's model is looked up at each start; what stands beside it is dropped, but for a vendor string. */
const hostModel = (model: Cpu["model"]): Pick<Cpu, "model"> =>
  model?.vendorId === undefined
    ? {}
    : { model: { fallback: model.fallback ?? "allow", vendorId: model.vendorId } };

/** The CPU QEMU gives the machine when nobody asks for one: libvirt writes it down, so that it stays. */
export function resolveDefaultCpu(domain: Domain, { machines }: ResolveFacts): Domain {
  const { cpu } = domain;
  if (cpu?.mode !== undefined && (cpu.mode !== "custom" || cpu.model !== undefined)) return domain;
  const machine = machines.find(({ name }) => name === domain.os?.type?.machine);
  const name = machine?.defaultCpu?.replace(/-(?:x86_64|i386)-cpu$/, "");
  if (name === undefined) return domain;
  const model = { fallback: "forbid", name } as const;
  return { ...domain, cpu: { ...cpu, mode: "custom", match: "exact", check: "none", model } };
}

/** Features that are no business of guests, though hosts list them as CPU features. */
const HOST_ONLY: ReadonlySet<string> = new Set(["cmt", "mbm_total", "mbm_local"]);

/** How thoroughly the guest's CPU is compared: emulation makes any CPU, KVM only what the host has. */
export function resolveCpuCheck(domain: Domain, { capabilities }: ResolveFacts): Domain {
  const { cpu } = domain;
  if (cpu?.mode === undefined) return domain;
  const { features = [], ...rest } = cpu;
  const kept = features.filter(({ name }) => !HOST_ONLY.has(name));
  const migratable = cpu.migratable ?? capabilities.has("cpu.migratable");
  return {
    ...domain,
    cpu: {
      ...rest,
      check: cpu.check ?? checkOf(cpu, domain.type),
      ...(cpu.mode === "host-passthrough" && { migratable }),
      ...(kept.length > 0 && { features: kept }),
    },
  };
}

function checkOf({ mode }: Cpu, type: Domain["type"]): "none" | "partial" {
  if (mode === "host-passthrough" || mode === "maximum") return "none";
  return mode === "custom" && type === "qemu" ? "none" : "partial";
}
