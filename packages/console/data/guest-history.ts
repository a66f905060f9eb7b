/** How one guest has done lately: rates between samples of the daemon's statistics. */
import { useEffect, useRef, useState } from "react";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "./operation.ts";
import { statNumber } from "./usage.ts";

type Stats = OperationOutput<"domain", "stats">[number]["stats"];

/** What is followed: the sum of all statistics that fit, per second and scaled, or as it is. */
interface Follow {
  readonly stat: RegExp;
  readonly scale: number;
  readonly rate: boolean;
}

const NS = 1e-9;
const KIB = 1024;

const FOLLOWED = {
  cpu: { stat: /^cpu\.time$/, scale: NS, rate: true },
  steal: { stat: /^vcpu\.\d+\.delay$/, scale: NS, rate: true },
  wait: { stat: /^vcpu\.\d+\.wait$/, scale: NS, rate: true },
  memory: { stat: /^balloon\.current$/, scale: KIB, rate: false },
  resident: { stat: /^balloon\.rss$/, scale: KIB, rate: false },
  unused: { stat: /^balloon\.unused$/, scale: KIB, rate: false },
  read: { stat: /^block\.\d+\.rd\.bytes$/, scale: 1, rate: true },
  written: { stat: /^block\.\d+\.wr\.bytes$/, scale: 1, rate: true },
  requests: { stat: /^block\.\d+\.(rd|wr)\.reqs$/, scale: 1, rate: true },
  waited: { stat: /^block\.\d+\.(rd|wr)\.times$/, scale: NS, rate: true },
  received: { stat: /^net\.\d+\.rx\.bytes$/, scale: 1, rate: true },
  sent: { stat: /^net\.\d+\.tx\.bytes$/, scale: 1, rate: true },
  dropped: { stat: /^net\.\d+\.(rx|tx)\.drop$/, scale: 1, rate: true },
} as const satisfies Readonly<Record<string, Follow>>;

export type Followed = keyof typeof FOLLOWED;
/** Values by what is followed, oldest first. */
export type GuestHistory = Readonly<Record<Followed, readonly number[]>>;

const NAMES = Object.keys(FOLLOWED) as Followed[]; // its own keys
const EVERY_MS = 2000;
const KEPT = 90;

interface Sample {
  readonly atMs: number;
  readonly sums: Readonly<Record<Followed, number>>;
}

const byName = <T>(make: (name: Followed) => T): Readonly<Record<Followed, T>> =>
  Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Record<Followed, T>; // every name

const sampleOf = (stats: Stats, atMs: number): Sample => ({
  atMs,
  sums: byName((name) =>
    Object.keys(stats)
      .filter((stat) => FOLLOWED[name].stat.test(stat))
      .reduce((sum, stat) => sum + statNumber(stats, stat) * FOLLOWED[name].scale, 0),
  ),
});

const valueOf = (name: Followed, now: Sample, before: Sample): number =>
  FOLLOWED[name].rate
    ? Math.max(0, ((now.sums[name] - before.sums[name]) * 1000) / (now.atMs - before.atMs))
    : now.sums[name];

const EMPTY: GuestHistory = byName(() => []);

/** Followed while it is on the page. */
export function useGuestHistory(uuid: string): GuestHistory {
  const { data, dataUpdatedAt } = useAsk(
    ["domain", "stats"],
    { domains: [{ uuid }], groups: ["cpuTotal", "vcpu", "balloon", "block", "interface"] },
    { everyMs: EVERY_MS },
  );
  const last = useRef<Sample>(undefined);
  const [history, setHistory] = useState(EMPTY);
  useEffect(() => {
    const stats = data?.[0]?.stats;
    if (stats === undefined) return;
    const before = last.current;
    const now = sampleOf(stats, dataUpdatedAt);
    last.current = now;
    if (before === undefined || before.atMs === now.atMs) return;
    setHistory((was) => byName((name) => [...was[name], valueOf(name, now, before)].slice(-KEPT)));
  }, [data, dataUpdatedAt]);
  return history;
}
