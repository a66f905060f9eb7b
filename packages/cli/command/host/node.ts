import { setTimeout as sleep } from "node:timers/promises";
import { attempt, type HandlersOf } from "../../answer.ts";
import type { hostCommands } from "../../catalog/host.ts";
import type { Connection } from "../../connection.ts";
import { formatRanges, readBitmap } from "../../cpu-map.ts";
import { formatFields } from "../../fields.ts";

/** Fields of the host's CPU time in the order they are shown. */
const cpuFields = ["user", "system", "idle", "iowait"] as const;
type CpuTimes = { readonly [field: string]: bigint };

async function readCpuTimes(connection: Connection, cpu: number): Promise<CpuTimes> {
  const wanted = { cpuNum: cpu, nparams: 0, flags: 0 };
  const { nparams } = await attempt(
    "Unable to get number of cpu stats",
    connection.call("nodeGetCpuStats", wanted),
  );
  const { params } = await attempt(
    "Unable to get node cpu stats",
    connection.call("nodeGetCpuStats", { ...wanted, nparams }),
  );
  return Object.fromEntries(
    params.map(({ field, value }) => [field === "kernel" ? "system" : field, value]),
  );
}

/** Share of each field in the time between two readings, in percent. */
async function measureShares(
  connection: Connection,
  cpu: number,
): Promise<{ readonly [field: string]: number }> {
  const before = await readCpuTimes(connection, cpu);
  if (before["utilization"] !== undefined) return { usage: Number(before["utilization"]) };
  await sleep(1000);
  const after = await readCpuTimes(connection, cpu);
  const spent = (field: string): number => Number((after[field] ?? 0n) - (before[field] ?? 0n));
  const total = cpuFields.reduce((sum, field) => sum + spent(field), 0);
  const share = (time: number): number => (total === 0 ? 0 : (time / total) * 100);
  const idle = spent("idle") + spent("iowait");
  return {
    usage: share(total - idle),
    ...Object.fromEntries(cpuFields.map((field) => [field, share(spent(field))])),
  };
}

const formatShares = (shares: { readonly [field: string]: number }): string =>
  Object.entries(shares)
    .map(([field, share]) => `${`${field}:`.padEnd(15)} ${share.toFixed(1).padStart(5)}%\n`)
    .join("");

export const handlers: HandlersOf<typeof hostCommands> = {
  async nodeinfo(_, context) {
    const connection = await context.connection();
    const info = await attempt("failed to get node information", connection.call("nodeGetInfo"));
    const fields = [
      ["CPU model", info.model],
      ["CPU(s)", info.cpus],
      ...(info.mhz === 0 ? [] : [["CPU frequency", `${info.mhz} MHz`] as const]),
      ["CPU socket(s)", info.sockets],
      ["Core(s) per socket", info.cores],
      ["Thread(s) per core", info.threads],
      ["NUMA cell(s)", info.nodes],
      ["Memory size", `${info.memory} KiB`],
    ] as const;
    return { data: info, text: formatFields(fields, 21) };
  },

  async nodecpustats({ cpu = -1, percent }, context) {
    const connection = await context.connection();
    if (percent) {
      const shares = await measureShares(connection, cpu);
      return { data: shares, text: formatShares(shares) };
    }
    const times = await readCpuTimes(connection, cpu);
    const known = cpuFields.filter((field) => times[field] !== undefined);
    const text = known
      .map((field) => `${`${field}:`.padEnd(15)} ${String(times[field]).padStart(20)}\n`)
      .join("");
    return { data: times, text };
  },

  async nodememstats({ cell = -1 }, context) {
    const connection = await context.connection();
    const wanted = { nparams: 0, cellNum: cell, flags: 0 };
    const { nparams } = await attempt(
      "Unable to get number of memory stats",
      connection.call("nodeGetMemoryStats", wanted),
    );
    const { params } = await attempt(
      "Unable to get memory stats",
      connection.call("nodeGetMemoryStats", { ...wanted, nparams }),
    );
    return {
      data: Object.fromEntries(params.map(({ field, value }) => [field, value])),
      text: params
        .map(({ field, value }) => `${field.padEnd(7)}: ${String(value).padStart(20)} KiB\n`)
        .join(""),
    };
  },

  async nodecpumap({ pretty }, context) {
    const connection = await context.connection();
    const { cpumap, online, ret } = await attempt(
      "Unable to get cpu map",
      connection.call("nodeGetCpuMap", { need_map: 1, need_online: 1, flags: 0 }),
    );
    const map = readBitmap(cpumap, ret);
    const shown = pretty ? formatRanges(map) : map.map((on) => (on ? "y" : "-")).join("");
    const fields = [
      ["CPUs present", ret],
      ["CPUs online", online],
      ["CPU map", shown],
    ] as const;
    return { data: { present: ret, online, map }, text: formatFields(fields, 16) };
  },
};
