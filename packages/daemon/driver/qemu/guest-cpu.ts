/** What a definition leaves to the host is settled when the domain starts. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { Emulator } from "./environment.ts";

/** @throws VireoError `cpuIncompatible`, `configUnsupported` when the CPU cannot be had here */
export async function withGuestCpu(
  definition: ResolvedDomain,
  { guestCpu }: Emulator,
): Promise<ResolvedDomain> {
  const { cpu } = definition;
  return cpu === undefined ? definition : { ...definition, cpu: await guestCpu(cpu) };
}
