import { dumpNode } from "@vireo/model/xml/dump-node";
import type { XmlElement } from "@vireo/model/xml/tree";
import { attempt, CommandError, comfort, done, type HandlersOf } from "../../answer.ts";
import type { domainDeviceCommands } from "../../catalog/domain-device.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import { deviceFlags } from "../../device-change.ts";
import { attributeAt, devicesOf, readDomain, XmlFlag } from "../../domain-device.ts";
import { Affect } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { branch, formatAttributes, leaf } from "../../xml-line.ts";

type InterfaceArguments = ArgumentsOf<(typeof domainDeviceCommands)["attach-interface"]>;

/** What names the source of an interface, by type. */
const sourceAttributes: { readonly [type: string]: string } = {
  network: "network",
  bridge: "bridge",
  direct: "dev",
  vdpa: "dev",
  vhostuser: "path",
};

/** `average,peak,burst,floor` as an element; the first is needed. */
function bandwidth(name: string, text: string | undefined): string[] {
  if (text === undefined) return [];
  const [average, peak, burst, floor] = text.split(",").map((part) => part || undefined);
  const wrong = [average, peak, burst, floor].find(
    (part) => part !== undefined && !/^\d+$/.test(part),
  );
  if (wrong !== undefined || (average === undefined && floor === undefined))
    throw new CommandError("field 'average' is malformed");
  return leaf(name, { average, peak, burst, floor });
}

function interfaceXml(args: InterfaceArguments): string {
  const { type, source, model, mac } = args;
  const attribute = sourceAttributes[type];
  if (attribute === undefined)
    throw new CommandError(`No support for ${type} in command 'attach-interface'`);
  const mode = args["source-mode"];
  if (mode !== undefined && mode !== "server" && mode !== "client")
    throw new CommandError(`Invalid source mode: ${mode}`);
  const kind = type === "vhostuser" ? "unix" : undefined;
  const children = [
    ...leaf("source", { [attribute]: source, type: kind, mode }),
    ...leaf("target", { dev: args.target }),
    ...leaf("mac", { address: mac }),
    ...leaf("script", { path: args.script }),
    ...leaf("model", { type: model }),
    ...leaf("alias", { name: args.alias }),
    ...branch("bandwidth", "bandwidth", [
      ...bandwidth("inbound", args.inbound),
      ...bandwidth("outbound", args.outbound),
    ]),
  ];
  const head = formatAttributes({ type, managed: args.managed ? "yes" : undefined });
  return branch(`interface${head}`, "interface", children)
    .map((row) => `${row}\n`)
    .join("");
}

function findOne(root: XmlElement, type: string, mac: string | undefined): XmlElement {
  const found = devicesOf(root, "interface").filter(
    (device) =>
      device.attributes.get("type") === type &&
      (mac === undefined ||
        attributeAt(device, "mac", "address")?.toLowerCase() === mac.toLowerCase()),
  );
  const [device] = found;
  if (device === undefined)
    throw new CommandError(
      mac === undefined
        ? `No interface found whose type is ${type}`
        : `No interface with MAC address ${mac} was found`,
      new CommandError("Failed to detach interface"),
    );
  if (found.length > 1)
    throw new CommandError(
      `Domain has ${found.length} interfaces. Please specify which one to detach using --mac`,
    );
  return device;
}

/** The interface with its link in this state. */
function withLink(device: XmlElement, state: string): string {
  const xml = dumpNode(device);
  const link = /<link\b[^>]*\/>/;
  return link.test(xml)
    ? xml.replace(link, `<link state="${state}"/>`)
    : xml.replace(/<\/interface>\s*$/, `<link state="${state}"/></interface>`);
}

export const handlers: HandlersOf<typeof domainDeviceCommands> = {
  async "attach-interface"(args, context) {
    const xml = interfaceXml(args);
    if (args["print-xml"]) return { data: { xml }, text: xml };
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const flags = await deviceFlags(connection, dom, args);
    await attempt(
      "Failed to attach interface",
      flags === 0 && !args.current
        ? connection.call("domainAttachDevice", { dom, xml })
        : connection.call("domainAttachDeviceFlags", { dom, xml, flags }),
    );
    return done("Interface attached successfully");
  },

  async "detach-interface"({ domain, type, mac, "print-xml": printXml, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = await deviceFlags(connection, dom, choice);
    const onlyConfig = choice.config && !choice.live;
    const root = await readDomain(connection, dom, onlyConfig ? XmlFlag.inactive : 0);
    const xml = dumpNode(findOne(root, type, mac));
    if (printXml) return { data: { xml }, text: xml };
    await attempt(
      "Failed to detach interface",
      flags === 0 && !choice.current
        ? connection.call("domainDetachDevice", { dom, xml })
        : connection.call("domainDetachDeviceFlags", { dom, xml, flags }),
    );
    return done("Interface detached successfully");
  },

  async "domif-setlink"(
    { domain, interface: word, state, config, "print-xml": printXml },
    context,
  ) {
    if (state !== "up" && state !== "down") throw new CommandError(`invalid link state '${state}'`);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const persistent = config || dom.id === -1;
    const root = await readDomain(connection, dom, persistent ? XmlFlag.inactive : 0);
    const device = devicesOf(root, "interface").find(
      (one) =>
        attributeAt(one, "target", "dev") === word ||
        attributeAt(one, "mac", "address")?.toLowerCase() === word.toLowerCase(),
    );
    if (device === undefined) throw new CommandError(`interface '${word}' not found`);
    const xml = withLink(device, state);
    if (printXml) return { data: { xml }, text: xml };
    const flags = persistent ? Affect.config : Affect.live;
    await attempt(
      "Failed to update interface link state",
      connection.call("domainUpdateDeviceFlags", { dom, xml, flags }),
    );
    return { data: { state }, text: comfort("Device updated successfully\n") };
  },
};
