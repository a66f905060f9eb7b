/** What KVM itself counts, told by QEMU; other accelerators tell nothing. */
import type { DomainView } from "../domain-view.ts";
import type { StatsGroup, StatsSource } from "./group.ts";
import { ullong, type Stats } from "./statistic.ts";

/** QEMU's kinds of counters and libvirt's endings for them; histograms have none. */
const ENDINGS: Readonly<Record<string, string>> = {
  cumulative: "sum",
  instant: "cur",
  peak: "max",
};

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const fieldsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

/** Ending by name of the counter, from the answer to `query-stats-schemas`. */
function endingsOf(schemas: unknown, target: "vm" | "vcpu"): ReadonlyMap<string, string> {
  const known = fieldsIn(schemas).filter((schema) => schema["target"] === target);
  return new Map(
    known.flatMap((schema) =>
      fieldsIn(schema["stats"]).flatMap(({ name, type }) => {
        const ending = ENDINGS[String(type)];
        return typeof name === "string" && ending !== undefined ? [[name, ending] as const] : [];
      }),
    ),
  );
}

/** Counters of one result of `query-stats`, below `prefix`. */
function countersOf(result: Fields, endings: ReadonlyMap<string, string>, prefix: string): Stats {
  return Object.fromEntries(
    fieldsIn(result["stats"]).flatMap(({ name, value }) => {
      const ending = typeof name === "string" ? endings.get(name) : undefined;
      if (ending === undefined) return [];
      const number = typeof value === "boolean" ? Number(value) : value;
      return typeof number === "number"
        ? [[`${prefix}.${String(name)}.${ending}`, ullong(number)]]
        : [];
    }),
  );
}

/** From the answers to `query-stats` and `query-stats-schemas`. Pure. */
export const vmCounters = (answer: unknown, schemas: unknown): Stats => {
  const endings = endingsOf(schemas, "vm");
  const [result] = fieldsIn(answer);
  return result === undefined ? {} : countersOf(result, endings, "vm");
};

/** The same of each vCPU, in the order in which QEMU tells them. Pure. */
export const vcpuCounters = (answer: unknown, schemas: unknown): Stats => {
  const endings = endingsOf(schemas, "vcpu");
  return Object.fromEntries(
    fieldsIn(answer).flatMap((result, number) =>
      Object.entries(countersOf(result, endings, `vcpu.${number}`)),
    ),
  );
};

const runsUnderKvm = ({ live }: DomainView): boolean => live?.config.type === "kvm";

async function asked(
  { ask }: StatsSource,
  target: "vm" | "vcpu",
): Promise<readonly [answer: unknown, schemas: unknown]> {
  return Promise.all([ask("query-stats", { target }), ask("query-stats-schemas")]);
}

export const vmStats: StatsGroup = async (source) =>
  runsUnderKvm(source.view) ? vmCounters(...(await asked(source, "vm"))) : {};

export const kvmVcpuStats = async (source: StatsSource): Promise<Stats> =>
  runsUnderKvm(source.view) ? vcpuCounters(...(await asked(source, "vcpu"))) : {};
