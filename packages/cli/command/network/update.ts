import { existsSync } from "node:fs";
import { attempt, CommandError, document, done, type HandlersOf } from "../../answer.ts";
import type { networkCommands } from "../../catalog/network.ts";
import { defineFrom } from "../../define-object.ts";
import { affectFlags, bits } from "../../flags.ts";
import { findNetwork } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";
import { selected } from "../../xpath-output.ts";

/** virNetworkUpdateCommand. */
const commands: ReadonlyMap<string, number> = new Map([
  ["modify", 1],
  ["delete", 2],
  ["add", 3],
  ["add-last", 3],
  ["add-first", 4],
]);

/** virNetworkUpdateSection, by number. */
const sections = [
  "none",
  "bridge",
  "domain",
  "ip",
  "ip-dhcp-host",
  "ip-dhcp-range",
  "forward",
  "forward-interface",
  "forward-pf",
  "portgroup",
  "dns-host",
  "dns-txt",
  "dns-srv",
];

/** How the message tells what was changed. */
const affected = (config: boolean, live: boolean): string =>
  config && live
    ? "persistent config and live state"
    : config
      ? "persistent config"
      : live
        ? "live state"
        : "network";

export const handlers: HandlersOf<typeof networkCommands> = {
  async "net-update"(args, context) {
    const command = commands.get(args.command);
    if (command === undefined)
      throw new CommandError(`unrecognized command name '${args.command}'`);
    const section = sections.indexOf(args.section);
    if (section < 1) throw new CommandError(`unrecognized section name '${args.section}'`);
    const flags = affectFlags(args);
    const connection = await context.connection();
    const net = await findNetwork(connection, args.network);
    const isFile = !args.xml.startsWith("<") || existsSync(args.xml);
    const xml = isFile ? await readDescription(args.xml) : args.xml;
    await attempt(
      `Failed to update network ${net.name}`,
      connection.call("networkUpdate", {
        net,
        command,
        section,
        parentIndex: args["parent-index"] ?? -1,
        xml,
        flags,
      }),
    );
    return done(`Updated network ${net.name} ${affected(args.config, args.live)}`, net);
  },

  async "net-port-create"({ network, file, validate }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { port } = await defineFrom(
      file,
      "Failed to create network",
      async (xml) =>
        await connection.call("networkPortCreateXml", {
          network: net,
          xml,
          flags: bits([validate, 2]),
        }),
    );
    return done(`Network port ${port.uuid} created from ${file}`, { uuid: port.uuid });
  },

  async "net-port-dumpxml"({ network, port: uuid, ...choice }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { port } = await connection.call("networkPortLookupByUuid", { network: net, uuid });
    const { xml } = await connection.call("networkPortGetXmlDesc", { port, flags: 0 });
    return document(selected(xml, choice));
  },

  async "net-port-delete"({ network, port: uuid }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { port } = await connection.call("networkPortLookupByUuid", { network: net, uuid });
    await attempt(
      `Failed to delete network port ${uuid}`,
      connection.call("networkPortDelete", { port, flags: 0 }),
    );
    return done(`Network port ${uuid} deleted`, { uuid });
  },
};
