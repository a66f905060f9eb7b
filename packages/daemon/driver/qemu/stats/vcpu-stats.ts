import { runDelayNs, threadInfo, waitTimeNs } from "../../../host/process.ts";
import type { LiveDomain } from "../domain-view.ts";
import { currentConfig, vcpuCounts } from "../domain-report.ts";
import type { StatsGroup } from "./group.ts";
import { kvmVcpuStats } from "./kvm-stats.ts";
import { int, merged, uint, ullong, type Stats } from "./statistic.ts";

const RUNNING = 1;

/** `delay` is what the guest sees as stolen: ready to run, but no processor was free. */
async function oneVcpu({ process }: LiveDomain, thread: number, number: number): Promise<Stats> {
  const { pid } = process;
  const [info, wait, delay] = await Promise.all([
    threadInfo(pid, thread),
    waitTimeNs(pid, thread),
    runDelayNs(pid, thread),
  ]);
  return {
    [`vcpu.${number}.state`]: int(RUNNING),
    [`vcpu.${number}.time`]: ullong(info?.cpuTimeNs ?? 0),
    [`vcpu.${number}.wait`]: ullong(wait),
    [`vcpu.${number}.delay`]: ullong(delay),
  };
}

export const vcpuStats: StatsGroup = async (source) => {
  const { view } = source;
  const { max, now } = vcpuCounts(currentConfig(view));
  const { live } = view;
  const each = live?.vcpuThreads.flatMap((thread, id) => [oneVcpu(live, thread, id)]) ?? [];
  const counts = { "vcpu.current": uint(now), "vcpu.maximum": uint(max) };
  return merged([counts, ...(await Promise.all([...each, kvmVcpuStats(source)]))]);
};
