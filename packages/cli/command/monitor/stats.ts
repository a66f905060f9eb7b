import type { DomainReference, TypedParameter } from "@vireo/sdk/libvirt/procedure";
import { attempt, type HandlersOf } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import { affectFlags, bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { formatParameter } from "../../typed-parameter.ts";

type StatsArguments = ArgumentsOf<typeof monitorCommands.domstats>;

/** virDomainMemoryStatTags, by number. */
const memoryTags = [
  "swap_in",
  "swap_out",
  "major_fault",
  "minor_fault",
  "unused",
  "available",
  "actual",
  "rss",
  "usable",
  "last_update",
  "disk_caches",
  "hugetlb_pgalloc",
  "hugetlb_pgfail",
];

/** virDomainStatsTypes. */
const statsTypes = (args: StatsArguments): number =>
  bits(
    [args.state, 1 << 0],
    [args["cpu-total"], 1 << 1],
    [args.balloon, 1 << 2],
    [args.vcpu, 1 << 3],
    [args.interface, 1 << 4],
    [args.block, 1 << 5],
    [args.perf, 1 << 6],
    [args.iothread, 1 << 7],
    [args.memory, 1 << 8],
    [args.dirtyrate, 1 << 9],
    [args.vm, 1 << 10],
  );

/** virConnectGetAllDomainStatsFlags. */
const statsFlags = (args: StatsArguments): number =>
  bits(
    [args["list-active"], 1 << 0],
    [args["list-inactive"], 1 << 1],
    [args["list-persistent"], 1 << 2],
    [args["list-transient"], 1 << 3],
    [args["list-running"], 1 << 4],
    [args["list-paused"], 1 << 5],
    [args["list-shutoff"], 1 << 6],
    [args["list-other"], 1 << 7],
    [args.nowait, 1 << 29],
    [args.backing, 1 << 30],
    [args.enforce, 1 << 31],
  );

const formatRecord = (dom: DomainReference, params: readonly TypedParameter[]): string =>
  `Domain: '${dom.name}'\n${params
    .map((parameter) => `  ${parameter.field}=${formatParameter(parameter)}\n`)
    .join("")}`;

export const handlers: HandlersOf<typeof monitorCommands> = {
  async domstats(args, context) {
    const connection = await context.connection();
    const doms = await Promise.all(
      args.domain.map(async (word) => await findDomain(connection, word)),
    );
    const { retStats } = await connection.call("connectGetAllDomainStats", {
      doms,
      stats: statsTypes(args),
      flags: statsFlags(args),
    });
    return {
      data: retStats.map(({ dom, params }) => ({
        name: dom.name,
        uuid: dom.uuid,
        stats: Object.fromEntries(params.map(({ field, value }) => [field, value.value])),
      })),
      text: retStats.map(({ dom, params }) => formatRecord(dom, params)).join("\n"),
    };
  },

  async dommemstat({ domain, period, ...affect }, context) {
    const flags = affectFlags(affect);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (period !== undefined) {
      await attempt(
        "Unable to change balloon collection period.",
        connection.call("domainSetMemoryStatsPeriod", { dom, period, flags }),
      );
      return { data: { period }, text: "" };
    }
    const { stats } = await attempt(
      `Failed to get memory statistics for domain ${domain}`,
      connection.call("domainMemoryStats", { dom, maxStats: memoryTags.length, flags: 0 }),
    );
    const rows = stats.map(({ tag, val }) => [memoryTags[tag] ?? `stat${tag}`, val] as const);
    return {
      data: Object.fromEntries(rows),
      text: rows.map(([name, value]) => `${name} ${value}\n`).join(""),
    };
  },
};
