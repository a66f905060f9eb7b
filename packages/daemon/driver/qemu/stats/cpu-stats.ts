import { processInfo } from "../../../host/process.ts";
import type { StatsGroup } from "./group.ts";
import { uint, ullong } from "./statistic.ts";

/** No cache monitors (resource control) are set up, and only KVM polls: both count as none. */
export const cpuStats: StatsGroup = async ({ view: { live } }) => {
  const info = live && (await processInfo(live.process.pid));
  if (info === undefined) return {};
  return {
    "cpu.time": ullong(info.cpuTimeNs),
    "cpu.user": ullong(info.userTimeNs),
    "cpu.system": ullong(info.systemTimeNs),
    "cpu.cache.monitor.count": uint(0),
    "cpu.haltpoll.success.time": ullong(0),
    "cpu.haltpoll.fail.time": ullong(0),
  };
};
