/** What the driver tells of a domain: from the published view and from /proc, never from QEMU. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { labelsOf } from "@vireo/model/domain/tags";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { cpuMap } from "../../host/node-info.ts";
import { allowedCpus, processInfo, threadInfo, type ProcessInfo } from "../../host/process.ts";
import { identityOf, type DomainView, type LiveDomain } from "./domain-view.ts";

/** What is asked of when nothing else is said: the running configuration, if there is one. */
export const currentConfig = ({ live, definition }: DomainView): ResolvedDomain =>
  live?.config ?? definition;

export function vcpuCounts(config: ResolvedDomain): { readonly max: number; readonly now: number } {
  const { count: max, current } = config.vcpu;
  return { max, now: current ?? max };
}

const processOf = ({ live }: DomainView): ProcessInfo | undefined =>
  live && processInfo(live.process.pid);

export function infoOf(view: DomainView): OperationOutput<"domain", "info"> {
  const config = currentConfig(view);
  const process = processOf(view);
  return {
    state: view.state.state,
    maxMemoryKiB: config.memory.sizeKiB,
    memoryKiB: config.currentMemoryKiB,
    vcpus: vcpuCounts(config).now,
    cpuTimeNs: process?.cpuTimeNs ?? 0,
  };
}

export const summaryOf = (view: DomainView): OperationOutput<"domain", "list">[number] => ({
  ...identityOf(view),
  ...view.state,
  ...labelsOf(currentConfig(view)),
  persistent: view.persistent,
  autostart: view.autostart,
  managedSave: false,
  snapshots: view.snapshots?.all.size ?? 0,
  checkpoints: view.checkpoints?.size ?? 0,
});

/** A number in between may be off. */
const onlineThreads = ({ vcpuThreads }: LiveDomain) =>
  vcpuThreads.flatMap((thread, number) => [{ thread, number }]);

export async function vcpusOf({ live }: DomainView): Promise<OperationOutput<"domain", "vcpus">> {
  if (live === undefined) return [];
  const { present } = await cpuMap();
  const width = Math.max(0, ...present) + 1;
  return onlineThreads(live).map(({ thread, number }) => {
    const info = threadInfo(live.process.pid, thread);
    const allowed = allowedCpus(live.process.pid, thread);
    return {
      number,
      state: "running" as const,
      cpuTimeNs: info?.cpuTimeNs ?? 0,
      cpu: info?.cpu ?? -1,
      affinity: Array.from({ length: width }, (_, cpu) => allowed.includes(cpu)),
    };
  });
}
