import type { StoragePoolReference } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, document, done, type HandlersOf, line } from "../../answer.ts";
import type { storagePoolCommands } from "../../catalog/storage-pool.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { defineFrom } from "../../define-object.ts";
import { editObject } from "../../edit-object.ts";
import { bits, exclusive } from "../../flags.ts";
import { findPool } from "../../lookup.ts";
import { selected } from "../../xpath-output.ts";

/** virStorageXMLFlags. */
const inactiveXml = 1;

interface Action {
  readonly verb: string;
  readonly result: string;
  run(connection: Connection, pool: StoragePoolReference): Promise<unknown>;
}

async function act(word: string, context: Context, action: Action): Promise<Answer> {
  const connection = await context.connection();
  const pool = await findPool(connection, word);
  await attempt(`Failed to ${action.verb} pool ${word}`, action.run(connection, pool));
  return done(`Pool ${word} ${action.result}`, pool);
}

interface BuildChoice {
  readonly build: boolean;
  readonly overwrite: boolean;
  readonly "no-overwrite": boolean;
}

/** virStoragePoolCreateFlags. */
export function poolCreateFlags(choice: BuildChoice): number {
  const { build, overwrite, "no-overwrite": noOverwrite } = choice;
  exclusive({ overwrite, "no-overwrite": noOverwrite }, "overwrite", "no-overwrite");
  return bits([build, 1], [overwrite, 2], [noOverwrite, 4]);
}

export const handlers: HandlersOf<typeof storagePoolCommands> = {
  async "pool-define"({ file, validate }, context) {
    const connection = await context.connection();
    const { pool } = await defineFrom(
      file,
      "Failed to define pool",
      async (xml) =>
        await connection.call("storagePoolDefineXml", { xml, flags: bits([validate, 1]) }),
    );
    return done(`Pool ${pool.name} defined from ${file}`, pool);
  },

  async "pool-create"({ file, ...choice }, context) {
    const flags = poolCreateFlags(choice);
    const connection = await context.connection();
    const { pool } = await defineFrom(
      file,
      "Failed to create pool",
      async (xml) => await connection.call("storagePoolCreateXml", { xml, flags }),
    );
    return done(`Pool ${pool.name} created from ${file}`, pool);
  },

  async "pool-build"({ pool: word, overwrite, "no-overwrite": noOverwrite }, context) {
    exclusive({ overwrite, "no-overwrite": noOverwrite }, "overwrite", "no-overwrite");
    const flags = bits([noOverwrite, 4], [overwrite, 8]);
    return await act(word, context, {
      verb: "build",
      result: "built",
      run: async (connection, pool) => await connection.call("storagePoolBuild", { pool, flags }),
    });
  },

  async "pool-start"({ pool: word, ...choice }, context) {
    const flags = poolCreateFlags(choice);
    return await act(word, context, {
      verb: "start",
      result: "started",
      run: async (connection, pool) => await connection.call("storagePoolCreate", { pool, flags }),
    });
  },

  async "pool-destroy"({ pool: word }, context) {
    return await act(word, context, {
      verb: "destroy",
      result: "destroyed",
      run: async (connection, pool) => await connection.call("storagePoolDestroy", { pool }),
    });
  },

  async "pool-delete"({ pool: word }, context) {
    return await act(word, context, {
      verb: "delete",
      result: "deleted",
      run: async (connection, pool) =>
        await connection.call("storagePoolDelete", { pool, flags: 0 }),
    });
  },

  async "pool-refresh"({ pool: word }, context) {
    return await act(word, context, {
      verb: "refresh",
      result: "refreshed",
      run: async (connection, pool) =>
        await connection.call("storagePoolRefresh", { pool, flags: 0 }),
    });
  },

  async "pool-undefine"({ pool: word }, context) {
    return await act(word, context, {
      verb: "undefine",
      result: "has been undefined",
      run: async (connection, pool) => await connection.call("storagePoolUndefine", { pool }),
    });
  },

  async "pool-autostart"({ pool: word, disable }, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, word);
    const verb = disable ? "unmark" : "mark";
    await attempt(
      `failed to ${verb} pool ${word} as autostarted`,
      connection.call("storagePoolSetAutostart", { pool, autostart: disable ? 0 : 1 }),
    );
    return done(`Pool ${word} ${verb}ed as autostarted`, { autostart: !disable });
  },

  async "pool-dumpxml"({ pool: word, inactive, ...choice }, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, word);
    const flags = bits([inactive, inactiveXml]);
    const { xml } = await connection.call("storagePoolGetXmlDesc", { pool, flags });
    return document(selected(xml, choice));
  },

  async "pool-edit"({ pool: word }, context) {
    const connection = await context.connection();
    const pool = await findPool(connection, word);
    const { xml } = await connection.call("storagePoolGetXmlDesc", { pool, flags: inactiveXml });
    const save = async (text: string): Promise<unknown> =>
      await connection.call("storagePoolDefineXml", { xml: text, flags: 0 });
    return await editObject(`Pool ${pool.name}`, { xml, save }, context);
  },

  async "pool-name"({ pool: word }, context) {
    const { name } = await findPool(await context.connection(), word, ["uuid"]);
    return line(name, { name });
  },

  async "pool-uuid"({ pool: word }, context) {
    const { uuid } = await findPool(await context.connection(), word, ["name"]);
    return line(uuid, { uuid });
  },
};
