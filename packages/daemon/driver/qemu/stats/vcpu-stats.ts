import { runDelayNs, threadInfo, waitTimeNs } from "../../../host/process.ts";
import type { LiveDomain } from "../domain-view.ts";
import { currentConfig, vcpuCounts } from "../domain-report.ts";
import type { StatsGroup } from "./group.ts";
import { kvmVcpuStats } from "./kvm-stats.ts";
import { int, merged, uint, ullong, type Stats } from "./statistic.ts";

const RUNNING = 1;

/** `delay` is what the guest sees as stolen: ready to run, but no processor was free. */
function oneVcpu({ process: { pid } }: LiveDomain, thread: number, number: number): Stats {
  return {
    [`vcpu.${number}.state`]: int(RUNNING),
    [`vcpu.${number}.time`]: ullong(threadInfo(pid, thread)?.cpuTimeNs ?? 0),
    [`vcpu.${number}.wait`]: ullong(waitTimeNs(pid, thread)),
    [`vcpu.${number}.delay`]: ullong(runDelayNs(pid, thread)),
  };
}

export const vcpuStats: StatsGroup = async (source) => {
  const { view } = source;
  const { max, now } = vcpuCounts(currentConfig(view));
  const { live } = view;
  const each = live?.vcpuThreads.flatMap((thread, id) => [oneVcpu(live, thread, id)]) ?? [];
  const counts = { "vcpu.current": uint(now), "vcpu.maximum": uint(max) };
  return merged([counts, ...each, await kvmVcpuStats(source)]);
};
