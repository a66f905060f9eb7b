import type { RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { CommandError, type HandlersOf } from "../../answer.ts";
import type { domainMigrationCommands } from "../../catalog/domain-migration.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { formatParameter } from "../../typed-parameter.ts";
import { prettySize } from "../../unit.ts";

type JobStats = RemoteRet<"domainGetJobStats">;

/** virDomainJobType. */
const jobTypes = ["None", "Bounded", "Unbounded", "Completed", "Failed", "Cancelled"];
/** virDomainJobOperation. */
const operations = [
  "Unknown",
  "Start",
  "Save",
  "Restore",
  "Incoming migration",
  "Outgoing migration",
  "Snapshot",
  "Snapshot revert",
  "Dump",
  "Backup",
  "Snapshot delete",
];

/** How fields of a job are shown: name, label, unit. */
const fields: readonly (readonly [string, string, string])[] = [
  ["time_elapsed", "Time elapsed:", "ms"],
  ["time_remaining", "Time remaining:", "ms"],
  ["data_processed", "Data processed:", "size"],
  ["data_remaining", "Data remaining:", "size"],
  ["data_total", "Data total:", "size"],
  ["memory_processed", "Memory processed:", "size"],
  ["memory_remaining", "Memory remaining:", "size"],
  ["memory_total", "Memory total:", "size"],
  ["memory_bps", "Memory bandwidth:", "rate"],
  ["memory_dirty_rate", "Dirty rate:", "pages/s"],
  ["memory_page_size", "Page size:", "bytes"],
  ["memory_iteration", "Iteration:", ""],
  ["memory_postcopy_requests", "Postcopy requests:", ""],
  ["disk_processed", "File processed:", "size"],
  ["disk_remaining", "File remaining:", "size"],
  ["disk_total", "File total:", "size"],
  ["disk_bps", "File bandwidth:", "rate"],
  ["memory_constant", "Constant pages:", ""],
  ["memory_normal", "Normal pages:", ""],
  ["memory_normal_bytes", "Normal data:", "size"],
  ["downtime", "Total downtime:", "ms"],
  ["setup_time", "Setup time:", "ms"],
  ["errmsg", "Error message:", ""],
];

function formatValue(value: bigint, unit: string): string {
  if (unit === "size" || unit === "rate") {
    const size = prettySize(value);
    const name = size.unit === "bytes" ? "B" : size.unit;
    return `${size.value.toFixed(3)} ${name}${unit === "rate" ? "/s" : ""}`;
  }
  return unit === "" ? String(value).padEnd(12) : `${String(value).padEnd(12)} ${unit}`;
}

function formatStats({ type, params }: JobStats): string {
  const known = new Map(params.map((one) => [one.field, one.value.value]));
  const head = `${"Job type:".padEnd(17)} ${(jobTypes[type] ?? "Unknown").padEnd(12)}\n`;
  if (type === 0) return head;
  const operation = known.get("operation");
  const lines = fields
    .filter(([name]) => known.has(name))
    .map(([name, label, unit]) => {
      const value = known.get(name) ?? 0;
      const text = typeof value === "string" ? value : formatValue(BigInt(value), unit);
      return `${label.padEnd(17)} ${text}\n`;
    });
  const what =
    operation === undefined
      ? ""
      : `${"Operation:".padEnd(17)} ${(operations[Number(operation)] ?? "Unknown").padEnd(12)}\n`;
  return head + what + lines.join("");
}

export const handlers: HandlersOf<typeof domainMigrationCommands> = {
  async domjobinfo(args, context) {
    const flags = bits([args.completed, 1], [args["keep-completed"], 2]);
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const stats = await connection.call("domainGetJobStats", { dom, flags });
    const data = {
      type: jobTypes[stats.type] ?? "Unknown",
      ...Object.fromEntries(stats.params.map((one) => [one.field, one.value.value])),
    };
    const raw = stats.params.map((one) => `${one.field}: ${formatParameter(one)}\n`).join("");
    return { data, text: args.rawstats ? raw : formatStats(stats) };
  },

  async domjobabort({ domain, postcopy }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await (postcopy
      ? connection.call("domainAbortJobFlags", { dom, flags: 1 })
      : connection.call("domainAbortJob", { dom }));
    return { data: {}, text: "" };
  },

  async "migrate-getspeed"({ domain, postcopy }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = bits([postcopy, 1]);
    const { bandwidth } = await connection.call("domainMigrateGetMaxSpeed", { dom, flags });
    return { data: { bandwidth }, text: `${bandwidth}\n` };
  },

  async "migrate-setspeed"({ domain, bandwidth, postcopy }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = bits([postcopy, 1]);
    await connection.call("domainMigrateSetMaxSpeed", { dom, bandwidth, flags });
    return { data: { bandwidth }, text: "" };
  },

  async "migrate-setmaxdowntime"({ domain, downtime }, context) {
    if (downtime < 1n) throw new CommandError("migrate: Invalid downtime");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainMigrateSetMaxDowntime", { dom, downtime, flags: 0 });
    return { data: { downtime }, text: "" };
  },

  async "migrate-getmaxdowntime"({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { downtime } = await connection.call("domainMigrateGetMaxDowntime", { dom, flags: 0 });
    return { data: { downtime }, text: `${downtime}\n` };
  },
};
