/** What somebody should look at, judged from figures that the daemon has anyway. Pure. */
import { STATE_REASONS } from "@vireo/model/state-reason";
import type { DomainSummary } from "../domain/domain-tab.ts";

export type AlarmKind =
  | "crashed"
  | "ioError"
  | "failed"
  | "watchdog"
  | "steal"
  | "poolFull"
  | "poolInactive"
  | "hostMemory"
  | "quarantine";

export interface Alarm {
  readonly kind: AlarmKind;
  readonly severity: "danger" | "warning";
  readonly on: "domain" | "pool" | "host" | "images";
  /** Of the domain or pool. */
  readonly name: string;
  /** How much, 0 to 1, or how many. */
  readonly value?: number;
}

export interface AlarmFacts {
  readonly domains: readonly Pick<DomainSummary, "name" | "state" | "reason">[];
  /** Part of the time that vCPUs waited, by domain. */
  readonly steal: ReadonlyMap<string, number>;
  readonly pools: readonly {
    readonly name: string;
    readonly active: boolean;
    readonly autostart: boolean;
    readonly capacity?: number;
    readonly available?: number;
  }[];
  /** Part of the host's memory that is free; undefined while it is not known. */
  readonly freeMemory: number | undefined;
  /** Images that were deleted by force and wait to be removed. */
  readonly quarantined: number;
}

/** Rules of thumb, not of any standard. */
const STEAL = 0.1;
const POOL_LEFT = 0.1;
const POOL_LAST = 0.03;
const MEMORY_LEFT = 0.1;
const MEMORY_LAST = 0.03;

/** States with reasons that nobody asked for. */
const BAD: Readonly<Record<string, AlarmKind>> = {
  "shutoff crashed": "crashed",
  "shutoff failed": "failed",
  "crashed panicked": "crashed",
  "crashed unknown": "crashed",
  "paused crashed": "crashed",
  "paused ioError": "ioError",
  "paused watchdog": "watchdog",
};

function ofDomain({ name, state, reason }: AlarmFacts["domains"][number]): readonly Alarm[] {
  const words: readonly string[] = STATE_REASONS[state];
  const kind = BAD[`${state} ${words[reason] ?? "unknown"}`];
  return kind === undefined ? [] : [{ kind, severity: "danger", on: "domain", name }];
}

function ofPool({
  name,
  active,
  autostart,
  capacity = 0,
  available = 0,
}: AlarmFacts["pools"][number]): readonly Alarm[] {
  if (!active)
    return autostart ? [{ kind: "poolInactive", severity: "warning", on: "pool", name }] : [];
  const left = capacity === 0 ? 1 : available / capacity;
  if (left > POOL_LEFT) return [];
  const severity = left < POOL_LAST ? "danger" : "warning";
  return [{ kind: "poolFull", severity, on: "pool", name, value: 1 - left }];
}

/** The worst first. */
export function alarmsOf(facts: AlarmFacts): readonly Alarm[] {
  const { domains, steal, pools, freeMemory = 1, quarantined } = facts;
  const all: readonly Alarm[] = [
    ...domains.flatMap(ofDomain),
    ...[...steal].flatMap(([name, value]): readonly Alarm[] =>
      value > STEAL ? [{ kind: "steal", severity: "warning", on: "domain", name, value }] : [],
    ),
    ...pools.flatMap(ofPool),
    ...(freeMemory > MEMORY_LEFT
      ? []
      : [
          {
            kind: "hostMemory",
            severity: freeMemory < MEMORY_LAST ? "danger" : "warning",
            on: "host",
            name: "",
            value: freeMemory,
          } as const,
        ]),
    ...(quarantined === 0
      ? []
      : [
          {
            kind: "quarantine",
            severity: "warning",
            on: "images",
            name: "",
            value: quarantined,
          } as const,
        ]),
  ];
  return all.toSorted((a, b) => Number(b.severity === "danger") - Number(a.severity === "danger"));
}
