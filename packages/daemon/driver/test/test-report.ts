/** What the test driver tells of a domain. */
import { labelsOf } from "@vireo/model/domain/tags";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { currentConfig, identityOf, type TestDomain } from "./test-domain.ts";

const memoryOf = (domain: TestDomain): { max: number; now: number } => {
  const { memory, currentMemoryKiB } = currentConfig(domain);
  const max = memory?.sizeKiB ?? 0;
  return { max, now: currentMemoryKiB ?? max };
};

export const vcpuCounts = (domain: TestDomain): { max: number; now: number } => {
  const { vcpu } = currentConfig(domain);
  const max = vcpu?.count ?? 1;
  return { max, now: vcpu?.current ?? max };
};

/** As if every vCPU worked all the time. */
const cpuTimeNs = (domain: TestDomain): number =>
  domain.live === undefined
    ? 0
    : Math.trunc((performance.now() - domain.live.startedMs) * 1e6) * vcpuCounts(domain).now;

export const infoOf = (domain: TestDomain): OperationOutput<"domain", "info"> => ({
  state: domain.state.state,
  maxMemoryKiB: memoryOf(domain).max,
  memoryKiB: domain.live === undefined ? memoryOf(domain).max : memoryOf(domain).now,
  vcpus: vcpuCounts(domain).now,
  cpuTimeNs: cpuTimeNs(domain),
});

export const summaryOf = (domain: TestDomain): OperationOutput<"domain", "list">[number] => ({
  ...identityOf(domain),
  ...domain.state,
  ...labelsOf(currentConfig(domain)),
  persistent: domain.persistent,
  autostart: domain.autostart,
  managedSave: false,
  snapshots: 0,
  checkpoints: 0,
});

export const vcpusOf = (domain: TestDomain, hostCpus: number): OperationOutput<"domain", "vcpus"> =>
  Array.from({ length: vcpuCounts(domain).now }, (_, number) => ({
    number,
    state: "running" as const,
    cpuTimeNs: Math.trunc(cpuTimeNs(domain) / vcpuCounts(domain).now),
    cpu: number % hostCpus,
    affinity: Array.from({ length: hostCpus }, () => true),
  }));

type Stats = OperationOutput<"domain", "stats">[number]["stats"];
const int = (value: number) => ({ type: "int" as const, value });
const ullong = (value: number) => ({ type: "ullong" as const, value });
const STATES = [
  "nostate",
  "running",
  "blocked",
  "paused",
  "shutdown",
  "shutoff",
  "crashed",
  "pmsuspended",
];

export const statsOf = (domain: TestDomain, groups: readonly string[]): Stats => {
  const wanted = (group: string): boolean => groups.length === 0 || groups.includes(group);
  return {
    ...(wanted("state")
      ? {
          "state.state": int(STATES.indexOf(domain.state.state)),
          "state.reason": int(domain.state.reason),
        }
      : {}),
    ...(wanted("cpuTotal") && domain.live !== undefined
      ? { "cpu.time": ullong(cpuTimeNs(domain)) }
      : {}),
    ...(wanted("balloon")
      ? {
          "balloon.current": ullong(memoryOf(domain).now),
          "balloon.maximum": ullong(memoryOf(domain).max),
        }
      : {}),
  };
};
