import { type Answer, attempt, done, type HandlersOf } from "../../answer.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { storagePoolCommands } from "../../catalog/storage-pool.ts";
import { escapeXml } from "../../grammar/escape.ts";
import { readDescription } from "../../read-file.ts";
import { poolCreateFlags } from "./pool.ts";

type PoolArguments = ArgumentsOf<(typeof storagePoolCommands)["pool-define-as"]>;

/** ` name='value'` for each value that is there. */
const attributes = (values: { readonly [name: string]: string | undefined }): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}='${escapeXml(value)}'`))
    .join("");

/** An empty element, if it has any attribute. */
function leaf(name: string, values: { readonly [name: string]: string | undefined }): string[] {
  const text = attributes(values);
  return text === "" ? [] : [`    <${name}${text}/>`];
}

function adapter(args: PoolArguments): string[] {
  if (args["adapter-wwnn"] !== undefined)
    return leaf("adapter", {
      type: "fc_host",
      parent: args["adapter-parent"],
      parent_wwnn: args["adapter-parent-wwnn"],
      parent_wwpn: args["adapter-parent-wwpn"],
      parent_fabric_wwn: args["adapter-parent-fabric-wwn"],
      wwnn: args["adapter-wwnn"],
      wwpn: args["adapter-wwpn"],
    });
  const name = args["adapter-name"];
  return name === undefined ? [] : leaf("adapter", { type: "scsi_host", name });
}

function auth(args: PoolArguments): string[] {
  if (args["auth-type"] === undefined) return [];
  const head = attributes({ type: args["auth-type"], username: args["auth-username"] });
  const secret = leaf("secret", { usage: args["secret-usage"], uuid: args["secret-uuid"] });
  return [`    <auth${head}>`, ...secret.map((row) => `  ${row}`), "    </auth>"];
}

function source(args: PoolArguments): string[] {
  const name = args["source-name"];
  const initiator = args["source-initiator"];
  const rows = [
    ...leaf("host", { name: args["source-host"] }),
    ...leaf("dir", { path: args["source-path"] }),
    ...leaf("device", { path: args["source-dev"] }),
    ...adapter(args),
    ...auth(args),
    ...(initiator === undefined
      ? []
      : ["    <initiator>", `      <iqn name='${escapeXml(initiator)}'/>`, "    </initiator>"]),
    ...leaf("format", { type: args["source-format"] }),
    ...(name === undefined ? [] : [`    <name>${escapeXml(name)}</name>`]),
    ...leaf("protocol", { ver: args["source-protocol-ver"] }),
  ];
  return rows.length === 0 ? [] : ["  <source>", ...rows, "  </source>"];
}

/** The XML of a pool described by options. */
export function poolXml(args: PoolArguments): string {
  const { name, type, target } = args;
  const rows = [
    `<pool type='${escapeXml(type)}'>`,
    `  <name>${escapeXml(name)}</name>`,
    ...source(args),
    ...(target === undefined
      ? []
      : ["  <target>", `    <path>${escapeXml(target)}</path>`, "  </target>"]),
    "</pool>",
  ];
  return rows.map((row) => `${row}\n`).join("");
}

const printed = (xml: string): Answer => ({ data: { xml }, text: xml });

export const handlers: HandlersOf<typeof storagePoolCommands> = {
  async "pool-define-as"(args, context) {
    const xml = poolXml(args);
    if (args["print-xml"]) return printed(xml);
    const connection = await context.connection();
    const { pool } = await attempt(
      `Failed to define pool ${args.name}`,
      connection.call("storagePoolDefineXml", { xml, flags: 0 }),
    );
    return done(`Pool ${pool.name} defined`, pool);
  },

  async "pool-create-as"(args, context) {
    const flags = poolCreateFlags(args);
    const xml = poolXml(args);
    if (args["print-xml"]) return printed(xml);
    const connection = await context.connection();
    const { pool } = await attempt(
      `Failed to create pool ${args.name}`,
      connection.call("storagePoolCreateXml", { xml, flags }),
    );
    return done(`Pool ${pool.name} created`, pool);
  },

  async "find-storage-pool-sources-as"({ type, host, port, initiator }, context) {
    const rows = [
      ...(host === undefined ? [] : leaf("host", { name: host, port })),
      ...(initiator === undefined
        ? []
        : ["    <initiator>", `      <iqn name='${escapeXml(initiator)}'/>`, "    </initiator>"]),
    ];
    const srcSpec = rows.length === 0 ? null : ["<source>", ...rows, "</source>"].join("\n");
    const connection = await context.connection();
    const { xml } = await attempt(
      `Failed to find any ${type} pool sources`,
      connection.call("connectFindStoragePoolSources", { type, srcSpec, flags: 0 }),
    );
    return printed(xml);
  },

  async "find-storage-pool-sources"({ type, srcSpec: file }, context) {
    const srcSpec = file === undefined ? null : await readDescription(file);
    const connection = await context.connection();
    const { xml } = await attempt(
      `Failed to find any ${type} pool sources`,
      connection.call("connectFindStoragePoolSources", { type, srcSpec, flags: 0 }),
    );
    return printed(xml);
  },
};
