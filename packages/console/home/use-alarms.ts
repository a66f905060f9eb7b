/** Asks for what alarms are judged from. */
import { useQueries } from "@tanstack/react-query";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import type { UsageByName } from "../data/usage.ts";
import { alarmsOf, type Alarm, type AlarmFacts } from "./alarms.ts";

const EVERY_MS = 10_000;
/** Samples of steal that count as "now". */
const LATELY = 5;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);

export type PoolFacts = AlarmFacts["pools"][number];

/** Pools with their room. */
export function usePools(): readonly PoolFacts[] {
  const { client } = useSession();
  const { data: pools = [] } = useAsk(["storagePool", "list"], {});
  const rooms = useQueries({
    queries: pools.map(({ uuid, active }) => ({
      queryKey: ["storagePool", "info", { pool: { uuid } }],
      queryFn: () => client.storagePool.info({ pool: { uuid } }),
      refetchInterval: EVERY_MS,
      enabled: active,
    })),
    combine: (answers) => answers.map(({ data }) => data),
  });
  return pools.map(({ name, active, autostart }, at) => ({
    name,
    active,
    autostart,
    ...(rooms[at] === undefined
      ? {}
      : { capacity: rooms[at].capacity, available: rooms[at].available }),
  }));
}

/** Part of the host's memory that is free. */
export function useFreeMemory(): number | undefined {
  const { data: info } = useAsk(["connect", "nodeInfo"], {});
  const { data: free } = useAsk(["connect", "freeMemory"], {}, { everyMs: 5000 });
  return info === undefined || free === undefined ? undefined : free / 1024 / info.memoryKiB;
}

export function useAlarms(usage: UsageByName, pools: readonly PoolFacts[]): readonly Alarm[] {
  const { data: domains = [] } = useAsk(["domain", "list"], {});
  const { data: images } = useAsk(["image", "graph"], {}, { everyMs: 60_000 });
  const freeMemory = useFreeMemory();
  const steal = new Map(
    [...usage].map(([name, { steal: values }]) => [name, mean(values.slice(-LATELY))] as const),
  );
  return alarmsOf({
    domains,
    steal,
    pools,
    freeMemory,
    quarantined: images?.quarantine.length ?? 0,
  });
}
