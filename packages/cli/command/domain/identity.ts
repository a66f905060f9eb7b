import { type HandlersOf, line } from "../../answer.ts";
import type { domainConfigCommands } from "../../catalog/domain-config.ts";
import { findDomain } from "../../lookup.ts";

export const handlers: HandlersOf<typeof domainConfigCommands> = {
  async domid({ domain }, context) {
    const { id } = await findDomain(await context.connection(), domain, ["uuid", "name"]);
    return line(id === -1 ? "-" : id, { id: id === -1 ? null : id });
  },

  async domname({ domain }, context) {
    const { name } = await findDomain(await context.connection(), domain, ["id", "uuid"]);
    return line(name, { name });
  },

  async domuuid({ domain }, context) {
    const { uuid } = await findDomain(await context.connection(), domain, ["id", "name"]);
    return line(uuid, { uuid });
  },
};
