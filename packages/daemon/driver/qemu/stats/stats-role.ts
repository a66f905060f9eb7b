/** `domain.stats`: figures of many domains at once, each group in a file of its own. */
import { STATS_GROUPS } from "@vireo/model/operation/domain-monitor";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { identityOf } from "../domain-view.ts";
import { balloonStats } from "./balloon-stats.ts";
import { blockStats } from "./block-stats.ts";
import { cpuStats } from "./cpu-stats.ts";
import { dirtyRateStats } from "./dirty-rate-stats.ts";
import type { StatsGroup } from "./group.ts";
import { interfaceStats } from "./interface-stats.ts";
import { iothreadStats } from "./iothread-stats.ts";
import { vmStats } from "./kvm-stats.ts";
import { perfStats } from "./perf-stats.ts";
import { stateStats } from "./state-stats.ts";
import { merged } from "./statistic.ts";
import { sourceOf, type StatsSight } from "./stats-sight.ts";
import { vcpuStats } from "./vcpu-stats.ts";

/** Memory bandwidth monitors (resource control) are none: nothing to tell of them. */
const NOTHING: StatsGroup = () => ({});

const GROUPS: Readonly<Record<(typeof STATS_GROUPS)[number], StatsGroup>> = {
  state: stateStats,
  cpuTotal: cpuStats,
  balloon: balloonStats,
  vcpu: vcpuStats,
  interface: interfaceStats,
  block: blockStats,
  perf: perfStats,
  iothread: iothreadStats,
  memory: NOTHING,
  dirtyrate: dirtyRateStats,
  vm: vmStats,
};

/** So many guests are asked at once: more would only be late all together. */
const AT_ONCE = 16;

type Wanted = Pick<OperationInput<"domain", "stats">, "groups" | "backing" | "nowait">;

async function statsOf(
  sight: StatsSight,
  actor: DomainActor,
  wanted: Wanted,
): Promise<OperationOutput<"domain", "stats">[number]> {
  const groups = wanted.groups.length === 0 ? STATS_GROUPS : wanted.groups;
  const source = sourceOf(sight, actor, wanted);
  const parts = await Promise.all(groups.map(async (group) => GROUPS[group](source)));
  return { domain: identityOf(source.view), stats: merged(parts) };
}

/** In the order of `items`, a few at a time. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) done[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

export const statsRole = ({ list }: Definitions, sight: StatsSight): Role<"domain"> => ({
  // a domain that has gone since the caller saw it is left out
  stats: ({ domains, ...wanted }) =>
    eachOf(domains?.flatMap((domain) => list.lookUp(domain) ?? []) ?? list.all(), (actor) =>
      statsOf(sight, actor, wanted),
    ),
});
