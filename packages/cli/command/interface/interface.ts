import type { InterfaceReference } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, document, done, type HandlersOf, line } from "../../answer.ts";
import type { interfaceCommands } from "../../catalog/interface.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { defineFrom } from "../../define-object.ts";
import { editObject } from "../../edit-object.ts";
import { bits } from "../../flags.ts";
import { findInterface } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";
import { selected } from "../../xpath-output.ts";

const inactiveXml = 1;

interface Action {
  readonly verb: string;
  readonly result: string;
  run(connection: Connection, iface: InterfaceReference): Promise<unknown>;
}

async function act(word: string, context: Context, action: Action): Promise<Answer> {
  const connection = await context.connection();
  const iface = await findInterface(connection, word);
  await attempt(`Failed to ${action.verb} interface ${word}`, action.run(connection, iface));
  return done(`Interface ${word} ${action.result}`, iface);
}

export const handlers: HandlersOf<typeof interfaceCommands> = {
  async "iface-list"({ inactive, all }, context) {
    const connection = await context.connection();
    const flags = bits([inactive || all, 1], [!inactive || all, 2]);
    const { ifaces } = await attempt(
      "Failed to list interfaces",
      connection.call("connectListAllInterfaces", { need_results: 1, flags }),
    );
    const rows = await Promise.all(
      ifaces.toSorted(byName).map(async (iface) => {
        const { active } = await connection.call("interfaceIsActive", { iface });
        return { name: iface.name, state: active === 0 ? "inactive" : "active", mac: iface.mac };
      }),
    );
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Name", "State", "MAC Address"],
          rows.map((row) => Object.values(row)),
          view,
        ),
    };
  },

  async "iface-name"({ interface: word }, context) {
    const { name } = await findInterface(await context.connection(), word);
    return line(name, { name });
  },

  async "iface-mac"({ interface: word }, context) {
    const { mac } = await findInterface(await context.connection(), word);
    return line(mac, { mac });
  },

  async "iface-dumpxml"({ interface: word, inactive, ...choice }, context) {
    const connection = await context.connection();
    const iface = await findInterface(connection, word);
    const flags = bits([inactive, inactiveXml]);
    const { xml } = await connection.call("interfaceGetXmlDesc", { iface, flags });
    return document(selected(xml, choice));
  },

  async "iface-edit"({ interface: word }, context) {
    const connection = await context.connection();
    const iface = await findInterface(connection, word);
    const { xml } = await connection.call("interfaceGetXmlDesc", { iface, flags: inactiveXml });
    const save = async (text: string): Promise<unknown> =>
      await connection.call("interfaceDefineXml", { xml: text, flags: 0 });
    return await editObject(`Interface ${iface.name}`, { xml, save }, context);
  },

  async "iface-define"({ file, validate }, context) {
    const connection = await context.connection();
    const { iface } = await defineFrom(
      file,
      "Failed to define interface",
      async (xml) =>
        await connection.call("interfaceDefineXml", { xml, flags: bits([validate, 1]) }),
    );
    return done(`Interface ${iface.name} defined from ${file}`, iface);
  },

  async "iface-undefine"({ interface: word }, context) {
    return await act(word, context, {
      verb: "undefine",
      result: "undefined",
      run: async (connection, iface) => await connection.call("interfaceUndefine", { iface }),
    });
  },

  async "iface-start"({ interface: word }, context) {
    return await act(word, context, {
      verb: "start",
      result: "started",
      run: async (connection, iface) =>
        await connection.call("interfaceCreate", { iface, flags: 0 }),
    });
  },

  async "iface-destroy"({ interface: word }, context) {
    return await act(word, context, {
      verb: "destroy",
      result: "destroyed",
      run: async (connection, iface) =>
        await connection.call("interfaceDestroy", { iface, flags: 0 }),
    });
  },

  async "iface-begin"(_, context) {
    const connection = await context.connection();
    await attempt(
      "Failed to begin network config change transaction",
      connection.call("interfaceChangeBegin", { flags: 0 }),
    );
    return done("Network config change transaction started");
  },

  async "iface-commit"(_, context) {
    const connection = await context.connection();
    await attempt(
      "Failed to commit network config change transaction",
      connection.call("interfaceChangeCommit", { flags: 0 }),
    );
    return done("Network config change transaction committed");
  },

  async "iface-rollback"(_, context) {
    const connection = await context.connection();
    await attempt(
      "Failed to rollback network config change transaction",
      connection.call("interfaceChangeRollback", { flags: 0 }),
    );
    return done("Network config change transaction rolled back");
  },
};
