/** How much CPU and memory domains use, from the daemon's statistics, with a short history. */
import { useEffect, useRef, useState } from "react";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "./operation.ts";

type Stats = OperationOutput<"domain", "stats">[number]["stats"];

export interface Usage {
  /** Part of the domain's vCPUs that is busy: 0 to 1; oldest first. */
  readonly cpu: readonly number[];
  /** The same of the time that vCPUs waited for a processor. */
  readonly steal: readonly number[];
  readonly memoryKiB: number;
  readonly vcpus: number;
}

export type UsageByName = ReadonlyMap<string, Usage>;

interface Sample {
  readonly atMs: number;
  readonly cpuNs: number;
  readonly delayNs: number;
}

const EVERY_MS = 3000;
const KEPT = 40;
const NS_PER_MS = 1e6;

export const statNumber = (stats: Stats, name: string): number => {
  const value = stats[name]?.value;
  return typeof value === "number" ? value : 0;
};

const sumOf = (stats: Stats, pattern: RegExp): number =>
  Object.keys(stats)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + statNumber(stats, name), 0);

const DELAY = /^vcpu\.\d+\.delay$/;

/** The rate since the last sample, of all vCPUs together. */
const rate = (ns: number, beforeNs: number, spanMs: number): number =>
  spanMs <= 0 ? 0 : Math.max(0, (ns - beforeNs) / (spanMs * NS_PER_MS));

const GROUPS = ["state", "cpuTotal", "balloon", "vcpu"] as const;

/** Asks for running domains every few seconds while it is on the page. */
export function useUsage(enabled = true): UsageByName {
  const { data, dataUpdatedAt } = useAsk(
    ["domain", "stats"],
    { groups: [...GROUPS] },
    { everyMs: EVERY_MS, enabled },
  );
  const last = useRef(new Map<string, Sample>());
  const [usage, setUsage] = useState<UsageByName>(new Map());
  useEffect(() => {
    if (data === undefined) return;
    setUsage((before) => {
      const next = new Map<string, Usage>();
      const samples = new Map<string, Sample>();
      for (const { domain, stats } of data) {
        if (domain.id === undefined) continue;
        const vcpus = Math.max(1, statNumber(stats, "vcpu.current"));
        const sample = {
          atMs: dataUpdatedAt,
          cpuNs: statNumber(stats, "cpu.time"),
          delayNs: sumOf(stats, DELAY),
        };
        samples.set(domain.name, sample);
        next.set(domain.name, {
          ...grown(before.get(domain.name), sample, last.current.get(domain.name), vcpus),
          memoryKiB: statNumber(stats, "balloon.current"),
          vcpus,
        });
      }
      last.current = samples;
      return next;
    });
  }, [data, dataUpdatedAt]);
  return usage;
}

// oxlint-disable-next-line max-params -- what was, what is, what was before that
function grown(
  usage: Usage | undefined,
  now: Sample,
  before: Sample | undefined,
  vcpus: number,
): Pick<Usage, "cpu" | "steal"> {
  const { cpu = [], steal = [] } = usage ?? {};
  if (before === undefined || before.atMs === now.atMs) return { cpu, steal };
  const span = now.atMs - before.atMs;
  return {
    cpu: [...cpu, rate(now.cpuNs, before.cpuNs, span) / vcpus].slice(-KEPT),
    steal: [...steal, rate(now.delayNs, before.delayNs, span) / vcpus].slice(-KEPT),
  };
}
