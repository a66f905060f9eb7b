/** What a definition leaves to the host is settled when the domain starts. */
import { formatCpu } from "@vireo/model/cpu/cpu-description";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { QmpError } from "@vireo/qemu/qmp/qmp-error";
import type { CpuWords } from "./cpu-knowledge.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { Emulator } from "./environment.ts";
import type { GuestMonitor } from "./guest-monitor.ts";

/** @throws VireoError `cpuIncompatible`, `configUnsupported` when the CPU cannot be had here */
export async function withGuestCpu(
  definition: ResolvedDomain,
  { guestCpu }: Emulator,
): Promise<ResolvedDomain> {
  const { cpu } = definition;
  return cpu === undefined ? definition : { ...definition, cpu: await guestCpu(cpu) };
}

const pathOfFirst = (cpus: unknown): string | undefined => {
  const first: unknown = Array.isArray(cpus) ? cpus[0] : undefined;
  return typeof first === "object" && first !== null && "qom-path" in first
    ? String(first["qom-path"])
    : undefined;
};

/** Of the first vCPU; all have the same features. */
async function cpuWords(monitor: GuestMonitor): Promise<CpuWords> {
  const path = pathOfFirst(await monitor.execute("query-cpus-fast"));
  const ask = async (property: string): Promise<unknown> =>
    monitor.execute("qom-get", { path: path ?? "", property }).catch((error: unknown) => {
      if (isRefusal(error)) return undefined; // no x86
      throw error;
    });
  const [words, filtered] = await Promise.all([ask("feature-words"), ask("filtered-features")]);
  return { words, filtered };
}
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof QmpError;

/**
 * The running domain with the CPU that it really has.
 * @throws VireoError `operationFailed` when all of it was to be checked and it differs
 */
export async function withMadeCpu(
  live: LiveDomain,
  { madeCpu }: Emulator,
  monitor: GuestMonitor,
): Promise<LiveDomain> {
  const { cpu } = live.config;
  if (cpu?.mode !== "custom") return live;
  const made = await madeCpu(cpu, await cpuWords(monitor));
  const isOther = formatCpu(made) !== formatCpu(cpu);
  return {
    ...live,
    config: { ...live.config, cpu: made },
    ...(isOther && { askedCpu: live.askedCpu ?? cpu }),
  };
}
