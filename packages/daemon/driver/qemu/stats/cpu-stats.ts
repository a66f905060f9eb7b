import { processInfo } from "../../../host/process.ts";
import type { StatsGroup } from "./group.ts";
import { kvmVcpuStats } from "./kvm-stats.ts";
import { uint, ullong, type Stats } from "./statistic.ts";

/** Time that the vCPUs' counters of this name add up to. */
const sumOf = (stats: Stats, name: string): number =>
  Object.entries(stats).reduce(
    (sum, [field, { value }]) =>
      field.endsWith(`.${name}.sum`) && typeof value === "number" ? sum + value : sum,
    0,
  );

/** Only KVM polls before it lets a halted vCPU sleep. No cache monitors (resource control) are set up. */
export const cpuStats: StatsGroup = async (source) => {
  const { live } = source.view;
  const vcpus = await kvmVcpuStats(source);
  const info = live && processInfo(live.process.pid);
  if (info === undefined) return {};
  return {
    "cpu.time": ullong(info.cpuTimeNs),
    "cpu.user": ullong(info.userTimeNs),
    "cpu.system": ullong(info.systemTimeNs),
    "cpu.cache.monitor.count": uint(0),
    "cpu.haltpoll.success.time": ullong(sumOf(vcpus, "halt_poll_success_ns")),
    "cpu.haltpoll.fail.time": ullong(sumOf(vcpus, "halt_poll_fail_ns")),
  };
};
