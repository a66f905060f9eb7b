import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, comfort, document, done, type HandlersOf } from "../../answer.ts";
import type { domainConfigCommands } from "../../catalog/domain-config.ts";
import { editObject } from "../../edit-object.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";
import { selected } from "../../xpath-output.ts";

/** Saving a large guest takes its time; the connection's keepalive notices a dead daemon. */
const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

interface StateChoice {
  readonly running: boolean;
  readonly paused: boolean;
}

/** virDomainSaveRestoreFlags. */
function stateFlags({ running, paused }: StateChoice, bypassCache = false): number {
  exclusive({ running, paused }, "running", "paused");
  return bits([bypassCache, 1], [running, 2], [paused, 4]);
}

const optionalFile = async (file: string | undefined): Promise<string | null> =>
  file === undefined ? null : await readDescription(file);

/** virDomainCoreDumpFormat. */
const dumpFormats = ["elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"];

const named = ({ name, uuid }: DomainReference): object => ({ name, uuid });

export const handlers: HandlersOf<typeof domainConfigCommands> = {
  async managedsave({ domain, "bypass-cache": bypass, ...choice }, context) {
    const flags = stateFlags(choice, bypass);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      `Failed to save domain '${domain}' state`,
      connection.call("domainManagedSave", { dom, flags }, noDeadline),
    );
    return done(`Domain '${domain}' state saved by libvirt`, named(dom));
  },

  async "managedsave-remove"({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { result } = await connection.call("domainHasManagedSaveImage", { dom, flags: 0 });
    if (result === 0)
      return {
        data: { removed: false },
        text: comfort(`Domain '${domain}' has no manage save image; removal skipped`),
      };
    await attempt(
      `Failed to remove managed save image for domain '${domain}'`,
      connection.call("domainManagedSaveRemove", { dom, flags: 0 }),
    );
    return done(`Removed managedsave image for domain '${domain}'`, { removed: true });
  },

  async "managedsave-dumpxml"({ domain, "security-info": secure, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = bits([secure, 1]);
    const { xml } = await connection.call("domainManagedSaveGetXmlDesc", { dom, flags });
    return document(selected(xml, choice));
  },

  async "managedsave-define"({ domain, xml: file, ...choice }, context) {
    const flags = stateFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const dxml = await readDescription(file);
    await attempt(
      `Failed to update ${domain} definition`,
      connection.call("domainManagedSaveDefineXml", { dom, dxml, flags }),
    );
    return done(`Managed save state file of domain '${domain}' updated.`, named(dom));
  },

  async "managedsave-edit"({ domain, ...choice }, context) {
    const flags = stateFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { xml } = await connection.call("domainManagedSaveGetXmlDesc", { dom, flags: 1 });
    const save = async (dxml: string): Promise<unknown> =>
      await connection.call("domainManagedSaveDefineXml", { dom, dxml, flags });
    const noun = `Managed save image of domain '${domain}'`;
    return await editObject(noun, { xml, save }, context);
  },

  async save({ domain, file, "bypass-cache": bypass, xml, running, paused }, context) {
    const flags = stateFlags({ running, paused }, bypass);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const dxml = await optionalFile(xml);
    await attempt(
      `Failed to save domain '${domain}' to ${file}`,
      flags === 0 && dxml === null
        ? connection.call("domainSave", { dom, to: file }, noDeadline)
        : connection.call("domainSaveFlags", { dom, to: file, dxml, flags }, noDeadline),
    );
    return done(`Domain '${domain}' saved to ${file}`, { ...named(dom), file });
  },

  async restore(args, context) {
    const { file, "bypass-cache": bypass, "reset-nvram": resetNvram } = args;
    const flags = stateFlags(args, bypass) | bits([resetNvram, 8]);
    const dxml = await optionalFile(args.xml);
    const connection = await context.connection();
    await attempt(
      `Failed to restore domain from ${file}`,
      flags === 0 && dxml === null
        ? connection.call("domainRestore", { from: file }, noDeadline)
        : connection.call("domainRestoreFlags", { from: file, dxml, flags }, noDeadline),
    );
    return done(`Domain restored from ${file}`, { file });
  },

  async "save-image-dumpxml"({ file, "security-info": secure, ...choice }, context) {
    const connection = await context.connection();
    const flags = bits([secure, 1]);
    const { xml } = await connection.call("domainSaveImageGetXmlDesc", { file, flags });
    return document(selected(xml, choice));
  },

  async "save-image-define"({ file, xml, ...choice }, context) {
    const flags = stateFlags(choice);
    const dxml = await readDescription(xml);
    const connection = await context.connection();
    await attempt(
      `Failed to update ${file}`,
      connection.call("domainSaveImageDefineXml", { file, dxml, flags }),
    );
    return done(`State file ${file} updated.`, { file });
  },

  async "save-image-edit"({ file, ...choice }, context) {
    const flags = stateFlags(choice);
    const connection = await context.connection();
    const { xml } = await connection.call("domainSaveImageGetXmlDesc", { file, flags: 1 });
    const save = async (dxml: string): Promise<unknown> =>
      await connection.call("domainSaveImageDefineXml", { file, dxml, flags });
    return await editObject(`Saved image ${file}`, { xml, save }, context);
  },

  async dump(args, context) {
    const { domain, file, format } = args;
    const dumpformat = format === undefined ? 0 : dumpFormats.indexOf(format);
    if (format !== undefined && !args["memory-only"])
      throw new CommandError("--format only works with --memory-only");
    if (dumpformat === -1)
      throw new CommandError(
        `format '${format}' is not supported, expecting 'kdump-zlib', 'kdump-lzo', 'kdump-snappy', 'win-dmp' or 'elf'`,
      );
    const flags = bits(
      [args.crash, 1],
      [args.live, 2],
      [args["bypass-cache"], 4],
      [args.reset, 8],
      [args["memory-only"], 16],
    );
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      `Failed to core dump domain '${domain}' to ${file}`,
      dumpformat === 0
        ? connection.call("domainCoreDump", { dom, to: file, flags }, noDeadline)
        : connection.call(
            "domainCoreDumpWithFormat",
            { dom, to: file, dumpformat, flags },
            noDeadline,
          ),
    );
    return done(`Domain '${domain}' dumped to ${file}`, { ...named(dom), file });
  },
};
