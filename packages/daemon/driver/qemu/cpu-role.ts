/** Answers about CPUs: of the host, and of what its emulators give. */
import { baselineCpu } from "@vireo/model/cpu/baseline-cpu";
import { compareCpu, type ComparisonHost } from "@vireo/model/cpu/compare-cpu";
import {
  type CpuDescription,
  type CpuKind,
  formatCpu,
  parseCpu,
} from "@vireo/model/cpu/cpu-description";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import { ARCHITECTURES } from "@vireo/model/domain/arch";
import type { Cpu } from "@vireo/model/domain/cpu";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import { comparableFacts } from "@vireo/qemu/capability/guest-cpu";
import {
  hypervisorCpu,
  isForGuests,
  type HypervisorCpu,
} from "@vireo/qemu/capability/hypervisor-cpu";
import { hostArch } from "../../host/node-info.ts";
import type { Role } from "../contract.ts";
import type { Emulators } from "./emulators.ts";
import type { Flavour } from "./qemu-host.ts";

/** Architectures whose CPUs have no list of names. */
const ANY_NAME: ReadonlySet<string> = new Set(["aarch64", "armv6l", "armv7l", "s390", "s390x"]);

type Comparison = Pick<
  OperationInput<"connect", "compareCpu">,
  "xml" | "failIncompatible" | "validate"
>;
type Verdict = OperationOutput<"connect", "compareCpu">;

function compared(
  host: ComparisonHost,
  { xml, failIncompatible, validate }: Comparison,
  map: CpuMap,
): Verdict {
  const cpu = parseCpu(xml, "auto", { strict: validate === true });
  const { result, reason } = compareCpu(host, cpu, map);
  if (result === "incompatible" && failIncompatible === true)
    throw virError("cpuIncompatible", reason, { from: ErrorDomain.cpu });
  return result;
}

/** Guests cannot be given what only hosts have. */
const forGuests = ({ features = [], ...cpu }: CpuDescription): CpuDescription => ({
  ...cpu,
  features: features.filter(({ name }) => isForGuests(name)),
});

/** @throws VireoError `invalidArg` when there is none, or one without a model */
function readCpus(texts: readonly string[], kind: CpuKind): readonly CpuDescription[] {
  const cpus = texts.map((text) => parseCpu(text, kind));
  const bare = cpus.findIndex(({ model }) => model?.name === undefined);
  if (cpus.length === 0) throw virError("invalidArg", "no CPUs given", { from: ErrorDomain.cpu });
  if (bare >= 0)
    throw virError("invalidArg", `no CPU model specified at index ${bare}`, {
      from: ErrorDomain.cpu,
    });
  return cpus.map(forGuests);
}

export function cpuRole(emulators: Emulators): Role<"connect"> {
  const { cpus: knowledge } = emulators;

  async function emulated(flavour: Flavour): Promise<{ cpu: HypervisorCpu; map: CpuMap }> {
    const { caps, virtType } = await emulators.kindOf(flavour);
    const map = await knowledge.needMap(caps.arch);
    const cpu = hypervisorCpu(caps, virtType, map);
    if (cpu !== undefined) return { cpu, map };
    const text = `QEMU '${caps.binary}' does not support reporting CPU model for virttype '${virtType}'`;
    throw virError("operationUnsupported", text);
  }

  return {
    cpuModelNames: async ({ arch }) => {
      if (!ARCHITECTURES.some((known) => known === arch))
        throw virError("invalidArg", `cannot find architecture ${arch}`);
      if (ANY_NAME.has(arch)) return [];
      return (await knowledge.needMap(arch)).models.map(({ name }) => name);
    },
    compareCpu: async (input) => {
      const map = await knowledge.needMap();
      return compared({ arch: hostArch(), ...(await knowledge.host(map)) }, input, map);
    },
    compareHypervisorCpu: async (input) => {
      const { cpu, map } = await emulated(input);
      return compared({ arch: input.arch ?? hostArch(), ...comparableFacts(cpu, map) }, input, map);
    },
    baselineCpu: async ({ cpus: texts, ...ways }) => {
      const cpus = readCpus(texts, "host");
      return formatCpu(baselineCpu(cpus, await knowledge.needMap(), ways));
    },
    baselineHypervisorCpu: async ({ cpus: texts, expand, migratable, ...flavour }) => {
      const { cpu, map } = await emulated(flavour);
      const cpus = readCpus(texts, "auto");
      const ways = { offered: cpu.offered, supported: cpu.known, expand, migratable };
      return formatCpu(withoutFallback(baselineCpu(cpus, map, ways)));
    },
  };
}

/** The emulator has the model, as was just made sure of. */
const withoutFallback = (cpu: Cpu): Cpu => ({
  ...cpu,
  model: { ...cpu.model, fallback: "forbid" },
});
