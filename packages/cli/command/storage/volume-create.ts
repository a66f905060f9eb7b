import { parseXml } from "@vireo/model/xml/parse-xml";
import type { StoragePoolReference, StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { storageVolumeCommands } from "../../catalog/storage-volume.ts";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";
import { findVolume } from "../../find-volume.ts";
import { bits } from "../../flags.ts";
import { escapeXml } from "../../grammar/escape.ts";
import { parseSize } from "../../grammar/parse-number.ts";
import { findPool, firstFound } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";

type CreateArguments = ArgumentsOf<(typeof storageVolumeCommands)["vol-create-as"]>;

function size(word: string): bigint {
  const bytes = parseSize(word, 1);
  if (bytes === undefined) throw new CommandError(`Malformed size ${word}`);
  return bytes;
}

/** The volume below a new one: by name in its pool, by key or by path; answers its path. */
async function backingPath(
  connection: Connection,
  pool: StoragePoolReference,
  word: string,
): Promise<string> {
  const { vol } = await firstFound<{ vol: StorageVolReference }>(
    [
      async () => await connection.call("storageVolLookupByName", { pool, name: word }),
      async () => await connection.call("storageVolLookupByKey", { key: word }),
      async () => await connection.call("storageVolLookupByPath", { path: word }),
    ],
    `failed to get vol '${word}'`,
  );
  return (await connection.call("storageVolGetPath", { vol })).name;
}

/** The XML of a volume described by options. */
function volumeXml(args: CreateArguments, backing: string | undefined): string {
  const format = (type: string | undefined, indent: string): string[] =>
    type === undefined ? [] : [`${indent}<format type='${escapeXml(type)}'/>`];
  const rows = [
    "<volume>",
    `  <name>${escapeXml(args.name)}</name>`,
    `  <capacity>${size(args.capacity)}</capacity>`,
    ...(args.allocation === undefined
      ? []
      : [`  <allocation>${size(args.allocation)}</allocation>`]),
    ...(args.format === undefined
      ? []
      : ["  <target>", ...format(args.format, "    "), "  </target>"]),
    ...(backing === undefined
      ? []
      : [
          "  <backingStore>",
          `    <path>${escapeXml(backing)}</path>`,
          ...format(args["backing-vol-format"], "    "),
          "  </backingStore>",
        ]),
    "</volume>",
  ];
  return rows.map((row) => `${row}\n`).join("");
}

export const handlers: HandlersOf<typeof storageVolumeCommands> = {
  async "vol-create-as"(args, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, args.pool);
    const below = args["backing-vol"];
    const backing = below === undefined ? undefined : await backingPath(connection, pool, below);
    const xml = volumeXml(args, backing);
    if (args["print-xml"]) return { data: { xml }, text: xml };
    const flags = bits([args["prealloc-metadata"], 1]);
    const { vol } = await attempt(
      `Failed to create vol ${args.name}`,
      connection.call("storageVolCreateXml", { pool, xml, flags }),
    );
    return done(`Vol ${args.name} created`, vol);
  },

  async "vol-create"({ pool: word, file, "prealloc-metadata": metadata, validate }, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, word);
    const xml = await readDescription(file);
    const flags = bits([metadata, 1], [validate, 4]);
    const { vol } = await attempt(
      `Failed to create vol from ${file}`,
      connection.call("storageVolCreateXml", { pool, xml, flags }),
    );
    return done(`Vol ${vol.name} created from ${file}`, vol);
  },

  async "vol-create-from"(args, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, args.pool);
    const clonevol = await findVolume(connection, args.vol, {
      pool: args.inputpool,
      option: "inputpool",
    });
    const xml = await readDescription(args.file);
    const flags = bits([args["prealloc-metadata"], 1], [args.reflink, 2], [args.validate, 4]);
    const { vol } = await attempt(
      `Failed to create vol from ${args.file}`,
      connection.call("storageVolCreateXmlFrom", { pool, xml, clonevol, flags }),
    );
    return done(`Vol ${vol.name} created from input vol ${clonevol.name}`, vol);
  },

  async "vol-clone"(args, context) {
    const connection = await context.connection();
    const original = await findVolume(connection, args.vol, { pool: args.pool });
    const { pool } = await connection.call("storagePoolLookupByVolume", { vol: original });
    const described = await connection.call("storageVolGetXmlDesc", { vol: original, flags: 0 });
    const name = childAt(parseXml(described.xml), "name")?.text ?? original.name;
    const xml = described.xml.replace(
      `<name>${escapeXml(name)}</name>`,
      () => `<name>${escapeXml(args.newname)}</name>`,
    );
    if (args["print-xml"]) return { data: { xml }, text: xml.trimEnd() };
    const flags = bits([args["prealloc-metadata"], 1], [args.reflink, 2]);
    const { vol } = await attempt(
      `Failed to clone vol from ${original.name}`,
      connection.call("storageVolCreateXmlFrom", { pool, xml, clonevol: original, flags }),
    );
    return done(`Vol ${vol.name} cloned from ${original.name}`, vol);
  },
};
