import { document, done, type HandlersOf } from "../../answer.ts";
import type { domainConfigCommands } from "../../catalog/domain-config.ts";
import { XmlFlag } from "../../domain-device.ts";
import { editText } from "../../edit.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { selected } from "../../xpath-output.ts";

/** virDomainDefineFlags. */
const validateFlag = 1;

export const handlers: HandlersOf<typeof domainConfigCommands> = {
  async dumpxml(args, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const flags = bits(
      [args["security-info"], XmlFlag.secure],
      [args.inactive, XmlFlag.inactive],
      [args["update-cpu"], XmlFlag.updateCpu],
      [args.migratable, XmlFlag.migratable],
    );
    const { xml } = await connection.call("domainGetXmlDesc", { dom, flags });
    return document(selected(xml, args));
  },

  async edit({ domain, "skip-validate": skip }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { xml } = await connection.call("domainGetXmlDesc", {
      dom,
      flags: XmlFlag.secure | XmlFlag.inactive,
    });
    const save = async (text: string, relaxed: boolean): Promise<void> => {
      const flags = skip || relaxed ? 0 : validateFlag;
      await connection.call("domainDefineXmlFlags", { xml: text, flags });
    };
    const changed = await editText({ text: xml, suffix: ".xml", save }, context);
    const what = changed ? "edited" : "not changed";
    return done(`Domain '${domain}' XML configuration ${what}.`, { changed });
  },
};
