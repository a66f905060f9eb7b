import { stat } from "node:fs/promises";
import { dumpNode } from "@vireo/model/xml/dump-node";
import { attempt, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { domainDeviceCommands } from "../../catalog/domain-device.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import { deviceFlags } from "../../device-change.ts";
import { attributeAt, devicesOf, diskSource, readDomain, XmlFlag } from "../../domain-device.ts";
import { findDomain } from "../../lookup.ts";
import { branch, formatAttributes, leaf, textLine } from "../../xml-line.ts";

type DiskArguments = ArgumentsOf<(typeof domainDeviceCommands)["attach-disk"]>;

/** Which attribute of the source names the data, by type of disk. */
const sourceAttributes: { readonly [type: string]: string } = {
  file: "file",
  block: "dev",
  dir: "dir",
  network: "name",
};

/** What the user says, else what the file is: a device or a plain file. */
async function sourceType(args: DiskArguments): Promise<string> {
  if (args.sourcetype !== undefined) {
    if (sourceAttributes[args.sourcetype] === undefined)
      throw new CommandError(`Unknown source type: '${args.sourcetype}'`);
    return args.sourcetype;
  }
  if (args["source-protocol"] !== undefined) return "network";
  const found = await stat(args.source).catch(() => undefined);
  return found?.isBlockDevice() === true ? "block" : "file";
}

/** `pci:0000:00:03.0`, `drive:0.0.0` and the like as an address element. */
function address(text: string | undefined, multifunction: boolean): string[] {
  if (text === undefined) return [];
  const [type = "", rest = ""] = text.split(/:(.*)/s);
  const numbers = rest.split(/[:.]/);
  const hex = (index: number): string => `0x${numbers[index] ?? ""}`;
  if (type === "pci")
    return leaf("address", {
      type: "pci",
      domain: hex(0),
      bus: hex(1),
      slot: hex(2),
      function: hex(3),
      ...(multifunction ? { multifunction: "on" } : {}),
    });
  const [controller, bus, unit] = numbers;
  if (["ide", "scsi", "sata"].includes(type))
    return leaf("address", { type: "drive", controller, bus, unit });
  if (type === "usb") return leaf("address", { type: "usb", bus: controller, port: bus });
  throw new CommandError("Invalid address.");
}

function source(args: DiskArguments, type: string): string[] {
  const name = args.source === "" ? undefined : args.source;
  const attributes = {
    protocol: args["source-protocol"],
    [sourceAttributes[type] ?? "file"]: name,
  };
  const host = leaf("host", {
    transport: args["source-host-transport"],
    name: args["source-host-name"]?.split(":")[0],
    port: args["source-host-name"]?.split(":")[1],
    socket: args["source-host-socket"],
  });
  if (host.length > 0) return branch(`source${formatAttributes(attributes)}`, "source", host);
  return leaf("source", attributes);
}

async function diskXml(args: DiskArguments): Promise<string> {
  const type = await sourceType(args);
  const { mode, iothread, cache, io, target } = args;
  if (mode !== undefined && mode !== "readonly" && mode !== "shareable")
    throw new CommandError(`No support for ${mode} in command 'attach-disk'`);
  const head = formatAttributes({
    type,
    device: args.type,
    rawio: args.rawio ? "yes" : undefined,
  });
  const children = [
    ...leaf("driver", { name: args.driver, type: args.subdriver, iothread, cache, io }),
    ...source(args, type),
    ...leaf("target", { dev: target, bus: args.targetbus }),
    ...(mode === undefined ? [] : [`<${mode}/>`]),
    ...textLine("serial", args.serial),
    ...leaf("alias", { name: args.alias }),
    ...textLine("wwn", args.wwn),
    ...address(args.address, args.multifunction),
  ];
  return branch(`disk${head}`, "disk", children)
    .map((row) => `${row}\n`)
    .join("");
}

export const handlers: HandlersOf<typeof domainDeviceCommands> = {
  async "attach-disk"(args, context) {
    const xml = await diskXml(args);
    if (args["print-xml"]) return { data: { xml }, text: xml };
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const flags = await deviceFlags(connection, dom, args);
    await attempt(
      "Failed to attach disk",
      flags === 0 && !args.current
        ? connection.call("domainAttachDevice", { dom, xml })
        : connection.call("domainAttachDeviceFlags", { dom, xml, flags }),
    );
    return done("Disk attached successfully");
  },

  async "detach-disk"({ domain, target, "print-xml": printXml, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = await deviceFlags(connection, dom, choice);
    const onlyConfig = choice.config && !choice.live;
    const root = await readDomain(connection, dom, onlyConfig ? XmlFlag.inactive : 0);
    const disk = devicesOf(root, "disk").find(
      (device) => attributeAt(device, "target", "dev") === target || diskSource(device) === target,
    );
    if (disk === undefined)
      throw new CommandError(`No disk found whose source path or target is ${target}`);
    const xml = dumpNode(disk);
    if (printXml) return { data: { xml }, text: xml };
    await attempt(
      "Failed to detach disk",
      flags === 0 && !choice.current
        ? connection.call("domainDetachDevice", { dom, xml })
        : connection.call("domainDetachDeviceFlags", { dom, xml, flags }),
    );
    return done("Disk detached successfully");
  },
};
