import { POOL_STATES } from "@vireo/model/operation/storage-value";
import { POOL_TYPES_BY_BIT } from "@vireo/model/storage/pool-kind";
import type { StoragePoolReference } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { storagePoolCommands } from "../../catalog/storage-pool.ts";
import type { Connection } from "../../connection.ts";
import { formatFields } from "../../fields.ts";
import { bits } from "../../flags.ts";
import { findPool } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";
import { formatSize } from "../../unit.ts";

type ListArguments = ArgumentsOf<(typeof storagePoolCommands)["pool-list"]>;

const typeFlags = (types: string | undefined): number =>
  (types === undefined ? [] : types.split(",")).reduce((flags, word) => {
    const index = POOL_TYPES_BY_BIT.findIndex((type) => type === word);
    if (index === -1) throw new CommandError(`Invalid pool type '${word}'`);
    return flags | (1 << (6 + index));
  }, 0);

const listFlags = (args: ListArguments): number =>
  typeFlags(args.type) |
  bits(
    [args.inactive || args.all, 1 << 0],
    [!args.inactive || args.all, 1 << 1],
    [args.persistent, 1 << 2],
    [args.transient, 1 << 3],
    [args.autostart, 1 << 4],
    [args["no-autostart"], 1 << 5],
  );

interface Row {
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly autostart: string;
  readonly persistent: string;
  /** In bytes; null while the pool does not run. */
  readonly sizes: readonly bigint[] | null;
}

async function describe(connection: Connection, pool: StoragePoolReference): Promise<Row> {
  const info = await connection.call("storagePoolGetInfo", { pool });
  const { persistent } = await connection.call("storagePoolIsPersistent", { pool });
  const autostart = await connection
    .call("storagePoolGetAutostart", { pool })
    .then((found) => (found.autostart === 0 ? "no" : "yes"))
    .catch(() => "no autostart");
  const open = info.state === 2 || info.state === 3;
  return {
    name: pool.name,
    uuid: pool.uuid,
    state: POOL_STATES[info.state] ?? "unknown",
    autostart,
    persistent: persistent === 0 ? "no" : "yes",
    sizes: open ? [info.capacity, info.allocation, info.available] : null,
  };
}

/** Without `--details` a pool either runs or not. */
const shortState = (state: string): string => (state === "inactive" ? "inactive" : "active");

function cells(row: Row, details: boolean): string[] {
  if (!details) return [row.name, shortState(row.state), row.autostart];
  const sizes = row.sizes?.map((bytes) => formatSize(bytes, 2)) ?? ["-", "-", "-"];
  return [row.name, row.state, row.autostart, row.persistent, ...sizes];
}

export const handlers: HandlersOf<typeof storagePoolCommands> = {
  async "pool-list"(args, context) {
    const flags = listFlags(args);
    const connection = await context.connection();
    const { pools } = await connection.call("connectListAllStoragePools", {
      need_results: 1,
      flags,
    });
    const sorted = pools.toSorted(byName);
    if (args.uuid || args.name) {
      const text = sorted.map((pool) =>
        [args.uuid ? pool.uuid.padEnd(36) : "", args.name ? pool.name.padEnd(20) : ""]
          .filter(Boolean)
          .join(" "),
      );
      return { data: sorted, text: text.map((row) => `${row}\n`).join("") };
    }
    const rows = await Promise.all(sorted.map(async (pool) => await describe(connection, pool)));
    const more = args.details ? ["Persistent", "Capacity", "Allocation", "Available"] : [];
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Name", "State", "Autostart", ...more],
          rows.map((row) => cells(row, args.details)),
          view,
        ),
    };
  },

  async "pool-info"({ pool: word, bytes }, context) {
    const connection = await context.connection();
    const row = await describe(connection, await findPool(connection, word));
    const sizes = row.sizes?.map((size) => (bytes ? String(size) : formatSize(size, 2))) ?? [];
    const labels = ["Capacity", "Allocation", "Available"] as const;
    const fields = [
      ["Name", row.name],
      ["UUID", row.uuid],
      ["State", row.state],
      ["Persistent", row.persistent],
      ["Autostart", row.autostart],
      ...sizes.map((size, index) => [labels[index] ?? "", size] as const),
    ] as const;
    return { data: row, text: formatFields(fields, 16) };
  },

  async "pool-capabilities"(_, context) {
    const connection = await context.connection();
    const { capabilities } = await attempt(
      "failed to get storage pool capabilities",
      connection.call("connectGetStoragePoolCapabilities", { flags: 0 }),
    );
    return { data: { xml: capabilities }, text: `${capabilities}\n` };
  },
};
