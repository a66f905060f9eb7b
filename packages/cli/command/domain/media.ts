import { dumpNode } from "@vireo/model/xml/dump-node";
import type { XmlElement } from "@vireo/model/xml/tree";
import { attempt, CommandError, comfort, type HandlersOf } from "../../answer.ts";
import type { domainDeviceCommands } from "../../catalog/domain-device.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import {
  attributeAt,
  childAt,
  devicesOf,
  diskSource,
  readDomain,
  XmlFlag,
} from "../../domain-device.ts";
import { affectFlags, bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { leaf } from "../../xml-line.ts";

type MediaArguments = ArgumentsOf<(typeof domainDeviceCommands)["change-media"]>;
type Action = "eject" | "insert" | "update";

/** virDomainDeviceModifyFlags: do it even if the guest does not agree. */
const forceFlag = 4;
const removable: ReadonlySet<string> = new Set(["cdrom", "floppy"]);

/** What is wanted: a source alone means "replace whatever is there". */
function actionOf(args: MediaArguments): Action {
  exclusive(args, "eject", "insert");
  exclusive(args, "eject", "update");
  exclusive(args, "insert", "update");
  exclusive(args, "eject", "block");
  if (args.eject) return "eject";
  if (args.source === undefined) throw new CommandError("New disk media source was not specified");
  return args.insert ? "insert" : "update";
}

function findDrive(root: XmlElement, path: string): XmlElement {
  const found = devicesOf(root, "disk").find(
    (disk) => attributeAt(disk, "target", "dev") === path || diskSource(disk) === path,
  );
  if (found === undefined || !removable.has(found.attributes.get("device") ?? "disk"))
    throw new CommandError(`No disk found whose source path or target is ${path}`);
  return found;
}

function checkMedium(drive: XmlElement, action: Action, path: string): void {
  const full = diskSource(drive) !== undefined;
  if (action === "eject" && !full)
    throw new CommandError(`The disk device '${path}' doesn't have media`);
  if (action === "insert" && full)
    throw new CommandError(`The disk device '${path}' already has media`);
}

/** The drive with another medium, or none. */
function changed(drive: XmlElement, source: string | undefined, block: boolean): string {
  const kept = drive.children.filter(({ name }) => name !== "source" && name !== "backingStore");
  const format = (child: XmlElement): string => `  ${dumpNode(child, 1)}\n`;
  const drivers = kept.filter(({ name }) => name === "driver").map(format);
  const rest = kept.filter(({ name }) => name !== "driver").map(format);
  const medium = leaf("source", { [block ? "dev" : "file"]: source }).map((row) => `  ${row}\n`);
  const device = drive.attributes.get("device") ?? "cdrom";
  const head = `<disk type='${block ? "block" : "file"}' device='${device}'>\n`;
  return [head, ...drivers, ...medium, ...rest, "</disk>"].join("");
}

export const handlers: HandlersOf<typeof domainDeviceCommands> = {
  async "change-media"(args, context) {
    const action = actionOf(args);
    const affect = affectFlags(args);
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const inactive = args.config && !args.live;
    const root = await readDomain(connection, dom, inactive ? XmlFlag.inactive : 0);
    const drive = findDrive(root, args.path);
    checkMedium(drive, action, args.path);
    const block =
      args.block ||
      (action === "eject" && childAt(drive, "source")?.attributes.has("dev") === true);
    const xml = changed(drive, action === "eject" ? undefined : args.source, block);
    if (args["print-xml"]) return { data: { xml }, text: xml };
    const flags = affect | bits([args.force, forceFlag]);
    await attempt(
      `Failed to complete action ${action} on media`,
      connection.call("domainUpdateDeviceFlags", { dom, xml, flags }),
    );
    const done = { eject: "ejected", insert: "inserted", update: "updated" }[action];
    return { data: { action }, text: comfort(`Successfully ${done} media.`) };
  },
};
