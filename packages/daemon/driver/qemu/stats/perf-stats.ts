import type { StatsGroup } from "./group.ts";
import { ullong } from "./statistic.ts";

/** Of those that are enabled; one that the host does not count is left out. */
export const perfStats: StatsGroup = async ({ view: { live }, perf }) => {
  if (live === undefined) return {};
  const figures = await perf.read(live.process, live.config.perf?.events);
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`perf.${name}`, ullong(value)]),
  );
};
