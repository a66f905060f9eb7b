import type { StatsGroup } from "./group.ts";
import { int, llong, string, type Stats } from "./statistic.ts";

/** QEMU's words in the order of libvirt's numbers. */
const STATUSES = ["unstarted", "measuring", "measured"];

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const numberIn = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === "number" ? value : 0;
};

/** By vCPU, which only the ring can tell. */
function vcpuRates(answer: Fields): Stats {
  const rates: readonly unknown[] = Array.isArray(answer["vcpu-dirty-rate"])
    ? answer["vcpu-dirty-rate"]
    : [];
  return Object.fromEntries(
    rates
      .filter(isFields)
      .map((rate) => [
        `dirtyrate.vcpu.${numberIn(rate, "id")}.megabytes_per_second`,
        llong(numberIn(rate, "dirty-rate")),
      ]),
  );
}

/** From the answer to `query-dirty-rate`. Pure. */
export function dirtyRate(answer: unknown): Stats {
  if (!isFields(answer)) return {};
  const { status, mode } = answer;
  const rate = answer["dirty-rate"];
  return {
    "dirtyrate.calc_status": int(Math.max(0, STATUSES.indexOf(String(status)))),
    "dirtyrate.calc_start_time": llong(numberIn(answer, "start-time")),
    "dirtyrate.calc_period": int(numberIn(answer, "calc-time")),
    "dirtyrate.calc_mode": string(typeof mode === "string" ? mode : "page-sampling"),
    ...(status === "measured" && typeof rate === "number"
      ? { "dirtyrate.megabytes_per_second": llong(rate), ...vcpuRates(answer) }
      : {}),
  };
}

export const dirtyRateStats: StatsGroup = async ({ view: { live }, ask }) =>
  live === undefined ? {} : dirtyRate(await ask("query-dirty-rate"));
