import type { StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, document, done, type HandlersOf, line } from "../../answer.ts";
import type { storageVolumeCommands } from "../../catalog/storage-volume.ts";
import type { Connection } from "../../connection.ts";
import { formatFields } from "../../fields.ts";
import { findVolume } from "../../find-volume.ts";
import { bits } from "../../flags.ts";
import { parseSize } from "../../grammar/parse-number.ts";
import { findPool } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";
import { formatSize } from "../../unit.ts";
import { selected } from "../../xpath-output.ts";

/** virStorageVolType. */
const volumeTypes = ["file", "block", "dir", "network", "netdir", "ploop"];
/** virStorageVolWipeAlgorithm. */
const wipePatterns = [
  "zero",
  "nnsa",
  "dod",
  "bsi",
  "gutmann",
  "schneier",
  "pfitzner7",
  "pfitzner33",
  "random",
  "trim",
];

interface Volume {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly capacity: bigint;
  readonly allocation: bigint;
}

async function describe(connection: Connection, vol: StorageVolReference): Promise<Volume> {
  const info = await connection.call("storageVolGetInfo", { vol });
  const { name: path } = await connection.call("storageVolGetPath", { vol });
  return {
    name: vol.name,
    path,
    type: volumeTypes[info.type] ?? "unknown",
    capacity: info.capacity,
    allocation: info.allocation,
  };
}

export const handlers: HandlersOf<typeof storageVolumeCommands> = {
  async "vol-list"({ pool: word, details }, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, word);
    const { vols } = await attempt(
      "Failed to list volumes",
      connection.call("storagePoolListAllVolumes", { pool, need_results: 1, flags: 0 }),
    );
    const sorted = vols.toSorted(byName);
    const rows = await Promise.all(sorted.map(async (vol) => await describe(connection, vol)));
    const more = details ? ["Type", "Capacity", "Allocation"] : [];
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Name", "Path", ...more],
          rows.map(({ name, path, type, capacity, allocation }) => [
            name,
            path,
            ...(details ? [type, formatSize(capacity, 2), formatSize(allocation, 2)] : []),
          ]),
          view,
        ),
    };
  },

  async "vol-info"({ vol: word, pool, bytes, physical }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const info = await connection.call("storageVolGetInfoFlags", {
      vol,
      flags: bits([physical, 1]),
    });
    const size = (count: bigint): string => (bytes ? `${count} bytes` : formatSize(count, 2));
    const fields = [
      ["Name", vol.name],
      ["Type", volumeTypes[info.type] ?? "unknown"],
      ["Capacity", size(info.capacity)],
      [physical ? "Physical" : "Allocation", size(info.allocation)],
    ] as const;
    return { data: { ...vol, ...info }, text: formatFields(fields, 16) };
  },

  async "vol-dumpxml"({ vol: word, pool, ...choice }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const { xml } = await connection.call("storageVolGetXmlDesc", { vol, flags: 0 });
    return document(selected(xml, choice));
  },

  async "vol-key"({ vol: word, pool }, context) {
    const { key } = await findVolume(await context.connection(), word, { pool });
    return line(key, { key });
  },

  async "vol-name"({ vol: word }, context) {
    const { name } = await findVolume(await context.connection(), word, { pool: undefined });
    return line(name, { name });
  },

  async "vol-path"({ vol: word, pool }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const { name: path } = await connection.call("storageVolGetPath", { vol });
    return line(path, { path });
  },

  async "vol-pool"({ vol: word, uuid }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool: undefined });
    const { pool } = await connection.call("storagePoolLookupByVolume", { vol });
    return line(uuid ? pool.uuid : pool.name, pool);
  },

  async "vol-delete"({ vol: word, pool, "delete-snapshots": snapshots }, context) {
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    await attempt(
      `Failed to delete vol ${word}`,
      connection.call("storageVolDelete", { vol, flags: bits([snapshots, 2]) }),
    );
    return done(`Vol ${word} deleted`, vol);
  },

  async "vol-wipe"({ vol: word, pool, algorithm }, context) {
    const pattern = algorithm === undefined ? 0 : wipePatterns.indexOf(algorithm);
    if (pattern === -1) throw new CommandError(`Unsupported algorithm '${algorithm}'`);
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    await attempt(
      `Failed to wipe vol ${word}`,
      algorithm === undefined
        ? connection.call("storageVolWipe", { vol, flags: 0 })
        : connection.call("storageVolWipePattern", { vol, algorithm: pattern, flags: 0 }),
    );
    return done(`Vol ${word} wiped`, vol);
  },

  async "vol-resize"({ vol: word, capacity: written, pool, allocate, delta, shrink }, context) {
    const unsigned = written.replace(/^-/, "");
    if (written !== unsigned && !shrink) throw new CommandError("negative size requires --shrink");
    const capacity = parseSize(unsigned, 1);
    if (capacity === undefined) throw new CommandError(`Malformed size ${written}`);
    const connection = await context.connection();
    const vol = await findVolume(connection, word, { pool });
    const how = delta ? "by" : "to";
    await attempt(
      `Failed to change size of volume '${vol.name}' ${how} ${written}`,
      connection.call("storageVolResize", {
        vol,
        capacity,
        flags: bits([allocate, 1], [delta, 2], [shrink, 4]),
      }),
    );
    return done(`Size of volume '${vol.name}' successfully changed ${how} ${written}`, vol);
  },
};
