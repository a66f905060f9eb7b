/** What is known of a guest's memory: from its balloon driver through QEMU, and from its process. */
import { processInfo } from "../../../host/process.ts";
import { currentConfig } from "../domain-report.ts";
import { balloonPath } from "./balloon-path.ts";
import type { StatsSource } from "./group.ts";
import type { Question } from "./guest-samples.ts";

const KIB = 1024;
const same = (value: number): number => value;
const toKiB = (bytes: number): number => Math.trunc(bytes / KIB);

/** libvirt's names of what the guest tells, in its order; sizes in KiB. */
const TOLD = [
  ["swap_in", "stat-swap-in", toKiB],
  ["swap_out", "stat-swap-out", toKiB],
  ["major_fault", "stat-major-faults", same],
  ["minor_fault", "stat-minor-faults", same],
  ["unused", "stat-free-memory", toKiB],
  ["available", "stat-total-memory", toKiB],
  ["usable", "stat-available-memory", toKiB],
] as const;
const TOLD_LATER = [
  ["disk_caches", "stat-disk-caches", toKiB],
  ["hugetlb_pgalloc", "stat-htlb-pgalloc", same],
  ["hugetlb_pgfail", "stat-htlb-pgfail", same],
] as const;

export const guestStatsQuestion = (path: string): Question => [
  "qom-get",
  { path, property: "guest-stats" },
];

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** A guest that does not tell one of them makes QEMU answer the largest number there is. */
const NOT_TOLD = 2 ** 63;

const picked = (
  stats: Fields,
  table: readonly (readonly [string, string, (value: number) => number])[],
): Record<string, number> =>
  Object.fromEntries(
    table.flatMap(([name, field, convert]) => {
      const value = stats[field];
      const told = typeof value === "number" && value >= 0 && value < NOT_TOLD;
      return told ? [[name, convert(value)]] : [];
    }),
  );

/** From the answer to `guestStatsQuestion`, by libvirt's names. Pure. */
export function guestMemory(answer: unknown): Readonly<Record<string, number>> {
  if (!isFields(answer)) return {};
  const stats = isFields(answer["stats"]) ? answer["stats"] : {};
  const at = answer["last-update"];
  return {
    ...picked(stats, TOLD),
    ...(typeof at === "number" ? { last_update: at } : {}),
    ...picked(stats, TOLD_LATER),
  };
}

/** By libvirt's names; `actual` is what the balloon leaves to the guest. */
export async function memoryFigures({
  view,
  ask,
}: Pick<StatsSource, "view" | "ask">): Promise<Readonly<Record<string, number>>> {
  const { live } = view;
  if (live === undefined) return {};
  const path = balloonPath(live.config);
  const told = path === undefined ? undefined : await ask(...guestStatsQuestion(path));
  const process = processInfo(live.process.pid);
  return {
    ...(path === undefined ? {} : { actual: currentConfig(view).currentMemoryKiB }),
    ...guestMemory(told),
    ...(process === undefined ? {} : { rss: process.residentKiB }),
  };
}
