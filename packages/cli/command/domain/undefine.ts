import type { XmlElement } from "@vireo/model/xml/tree";
import type { DomainReference, StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, comfort, type HandlersOf } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { attributeAt, devicesOf, diskSource, readDomain, XmlFlag } from "../../domain-device.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

type UndefineArguments = ArgumentsOf<typeof domainLifecycleCommands.undefine>;

/** A volume to remove after the domain. */
interface Doomed {
  readonly target: string;
  readonly source: string;
  readonly vol: StorageVolReference;
}

/** virStorageVolDeleteFlags. */
const withSnapshots = 2;
const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

/** @throws CommandError for options that do not go together */
function checkOptions(args: UndefineArguments, withStorage: boolean): void {
  if (args["wipe-storage"] && !withStorage)
    throw new CommandError(
      "'--wipe-storage' requires '--storage <string>' or '--remove-all-storage'",
    );
  if (args.storage !== undefined && args["remove-all-storage"])
    throw new CommandError("Specified both --storage and --remove-all-storage");
}

function undefineFlags(args: UndefineArguments): number {
  exclusive(args, "nvram", "keep-nvram");
  exclusive(args, "tpm", "keep-tpm");
  return bits(
    [args["managed-save"], 1],
    [args["snapshots-metadata"], 2],
    [args.nvram, 4],
    [args["keep-nvram"], 8],
    [args["checkpoints-metadata"], 16],
    [args.tpm, 32],
    [args["keep-tpm"], 64],
  );
}

/** The disks whose volumes shall go. @throws CommandError for a name that no disk has */
function chosenDisks(root: XmlElement, args: UndefineArguments): readonly XmlElement[] {
  const disks = devicesOf(root, "disk").filter((disk) => diskSource(disk) !== undefined);
  if (args["remove-all-storage"]) return disks;
  return (args.storage ?? "").split(",").map((word) => {
    const found = disks.find(
      (disk) => attributeAt(disk, "target", "dev") === word || diskSource(disk) === word,
    );
    if (found === undefined)
      throw new CommandError(`Volume '${word}' was not found in domain's definition.\n`);
    return found;
  });
}

async function findVolumes(
  connection: Connection,
  dom: DomainReference,
  { args, context }: { readonly args: UndefineArguments; readonly context: Context },
): Promise<Doomed[]> {
  const root = await readDomain(connection, dom, XmlFlag.inactive);
  const found: Doomed[] = [];
  for (const disk of chosenDisks(root, args)) {
    const target = attributeAt(disk, "target", "dev") ?? "";
    const source = diskSource(disk) ?? "";
    try {
      const { vol } = await connection.call("storageVolLookupByPath", { path: source });
      found.push({ target, source, vol });
    } catch {
      context.complain(
        `Storage volume '${target}'(${source}) is not managed by libvirt. Remove it manually.\n`,
      );
    }
  }
  return found;
}

/** Removes volumes one by one; answers whether all went. */
async function removeVolumes(
  connection: Connection,
  doomed: readonly Doomed[],
  { args, context }: { readonly args: UndefineArguments; readonly context: Context },
): Promise<boolean> {
  let all = true;
  const flags = args["delete-storage-volume-snapshots"] ? withSnapshots : 0;
  for (const { target, source, vol } of doomed) {
    const name = `'${target}'(${source})`;
    try {
      if (args["wipe-storage"]) {
        context.print(`Wiping volume ${name} ... `);
        await connection.call("storageVolWipe", { vol, flags: 0 }, noDeadline);
        context.print("Done.\n");
      }
      await connection.call("storageVolDelete", { vol, flags });
      if (!context.globals.quiet && context.format === "text")
        context.print(`Volume ${name} removed.\n`);
    } catch (error) {
      all = false;
      context.complain(`Failed to remove storage volume ${name}`);
      if (error instanceof Error) context.complain(error.message);
    }
  }
  return all;
}

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async undefine(args, context) {
    const flags = undefineFlags(args);
    const withStorage = args.storage !== undefined || args["remove-all-storage"];
    checkOptions(args, withStorage);
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    if (withStorage && dom.id !== -1)
      throw new CommandError("Storage volume deletion is supported only on stopped domains");
    const doomed = withStorage ? await findVolumes(connection, dom, { args, context }) : [];
    await attempt(
      `Failed to undefine domain '${args.domain}'`,
      flags === 0
        ? connection.call("domainUndefine", { dom })
        : connection.call("domainUndefineFlags", { dom, flags }),
    );
    if (!context.globals.quiet && context.format === "text")
      context.print(`Domain '${args.domain}' has been undefined\n`);
    const removed = await removeVolumes(connection, doomed, { args, context });
    if (!removed) throw new CommandError("");
    return { data: { name: dom.name, uuid: dom.uuid }, text: comfort("") };
  },
};
