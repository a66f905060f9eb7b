import { attempt, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async define({ file, validate }, context) {
    const xml = await readDescription(file);
    const connection = await context.connection();
    const { dom } = await attempt(
      `Failed to define domain from ${file}`,
      validate
        ? connection.call("domainDefineXmlFlags", { xml, flags: 1 })
        : connection.call("domainDefineXml", { xml }),
    );
    return done(`Domain '${dom.name}' defined from ${file}`, { name: dom.name, uuid: dom.uuid });
  },

  async create(args, context) {
    if (args["pass-fds"] !== undefined)
      throw new CommandError("option --pass-fds is not implemented in vireo yet");
    const xml = await readDescription(args.file);
    const flags = bits(
      [args.paused, 1],
      [args.autodestroy, 2],
      [args.validate, 16],
      [args["reset-nvram"], 32],
    );
    const connection = await context.connection();
    const { dom } = await attempt(
      `Failed to create domain from ${args.file}`,
      connection.call("domainCreateXml", { xml_desc: xml, flags }),
    );
    const message = `Domain '${dom.name}' created from ${args.file}`;
    if (!args.console) return done(message, { name: dom.name, uuid: dom.uuid, id: dom.id });
    const { openConsole } = await import("./console.ts");
    if (!context.globals.quiet) context.print(`${message}\n`);
    await openConsole(dom, { devname: undefined, flags: 0 }, context);
    return undefined;
  },

  async autostart({ domain, disable }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const verb = disable ? "unmark" : "mark";
    await attempt(
      `Failed to ${verb} domain '${domain}' as autostarted`,
      connection.call("domainSetAutostart", { dom, autostart: disable ? 0 : 1 }),
    );
    return done(`Domain '${domain}' ${verb}ed as autostarted`, { autostart: !disable });
  },

  async domrename({ domain, "new-name": name }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainRename", { dom, new_name: name, flags: 0 });
    return done("Domain successfully renamed", { name, uuid: dom.uuid });
  },
};
