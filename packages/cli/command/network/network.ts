import type { NetworkReference } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, document, done, type HandlersOf, line } from "../../answer.ts";
import type { networkCommands } from "../../catalog/network.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { defineFrom } from "../../define-object.ts";
import { editObject } from "../../edit-object.ts";
import { formatFields } from "../../fields.ts";
import { bits } from "../../flags.ts";
import { findNetwork } from "../../lookup.ts";
import { selected } from "../../xpath-output.ts";

/** virNetworkXMLFlags. */
const inactiveXml = 1;
const validateFlag = 1;

const yesNo = (value: number): string => (value === 0 ? "no" : "yes");

async function networkFields(
  connection: Connection,
  net: NetworkReference,
): Promise<(readonly [string, string])[]> {
  const { active } = await connection.call("networkIsActive", { net });
  const { persistent } = await connection.call("networkIsPersistent", { net });
  const { autostart } = await connection.call("networkGetAutostart", { net });
  const bridge = await connection.call("networkGetBridgeName", { net }).catch(() => undefined);
  return [
    ["Name", net.name],
    ["UUID", net.uuid],
    ["Active", yesNo(active)],
    ["Persistent", yesNo(persistent)],
    ["Autostart", yesNo(autostart)],
    ...(bridge === undefined ? [] : [["Bridge", bridge.name] as const]),
  ];
}

interface Action {
  readonly verb: string;
  readonly result: string;
  run(connection: Connection, net: NetworkReference): Promise<unknown>;
}

async function act(word: string, context: Context, action: Action): Promise<Answer> {
  const connection = await context.connection();
  const net = await findNetwork(connection, word);
  await attempt(`Failed to ${action.verb} network ${word}`, action.run(connection, net));
  return done(`Network ${word} ${action.result}`, net);
}

async function give(
  name: "networkDefineXml" | "networkCreateXml",
  connection: Connection,
  { xml, validate }: { readonly xml: string; readonly validate: boolean },
): Promise<{ net: NetworkReference }> {
  if (!validate) return await connection.call(name, { xml });
  const withFlags = name === "networkDefineXml" ? "networkDefineXmlFlags" : "networkCreateXmlFlags";
  return await connection.call(withFlags, { xml, flags: validateFlag });
}

export const handlers: HandlersOf<typeof networkCommands> = {
  async "net-define"({ file, validate }, context) {
    const connection = await context.connection();
    const { net } = await defineFrom(
      file,
      "Failed to define network",
      async (xml) => await give("networkDefineXml", connection, { xml, validate }),
    );
    return done(`Network ${net.name} defined from ${file}`, net);
  },

  async "net-create"({ file, validate }, context) {
    const connection = await context.connection();
    const { net } = await defineFrom(
      file,
      "Failed to create network",
      async (xml) => await give("networkCreateXml", connection, { xml, validate }),
    );
    return done(`Network ${net.name} created from ${file}`, net);
  },

  async "net-start"({ network }, context) {
    return await act(network, context, {
      verb: "start",
      result: "started",
      run: async (connection, net) => await connection.call("networkCreate", { net }),
    });
  },

  async "net-destroy"({ network }, context) {
    return await act(network, context, {
      verb: "destroy",
      result: "destroyed",
      run: async (connection, net) => await connection.call("networkDestroy", { net }),
    });
  },

  async "net-undefine"({ network }, context) {
    return await act(network, context, {
      verb: "undefine",
      result: "has been undefined",
      run: async (connection, net) => await connection.call("networkUndefine", { net }),
    });
  },

  async "net-autostart"({ network, disable }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const verb = disable ? "unmark" : "mark";
    await attempt(
      `failed to ${verb} network ${network} as autostarted`,
      connection.call("networkSetAutostart", { net, autostart: disable ? 0 : 1 }),
    );
    return done(`Network ${network} ${verb}ed as autostarted`, { autostart: !disable });
  },

  async "net-dumpxml"({ network, inactive, ...choice }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const flags = bits([inactive, inactiveXml]);
    const { xml } = await connection.call("networkGetXmlDesc", { net, flags });
    return document(selected(xml, choice));
  },

  async "net-edit"({ network }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { xml } = await connection.call("networkGetXmlDesc", { net, flags: inactiveXml });
    const save = async (text: string): Promise<unknown> =>
      await connection.call("networkDefineXml", { xml: text });
    return await editObject(`Network ${net.name}`, { xml, save }, context);
  },

  async "net-info"({ network }, context) {
    const connection = await context.connection();
    const fields = await networkFields(connection, await findNetwork(connection, network));
    return { data: Object.fromEntries(fields), text: formatFields(fields, 16) };
  },

  async "net-name"({ network }, context) {
    const { name } = await findNetwork(await context.connection(), network, ["uuid"]);
    return line(name, { name });
  },

  async "net-uuid"({ network }, context) {
    const { uuid } = await findNetwork(await context.connection(), network, ["name"]);
    return line(uuid, { uuid });
  },
};
