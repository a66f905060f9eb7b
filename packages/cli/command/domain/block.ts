import { attempt, type HandlersOf } from "../../answer.ts";
import type { domainBlockCommands } from "../../catalog/domain-block.ts";
import { comfort } from "../../answer.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainBlockResizeFlags: the size is in bytes. */
const inBytes = 1;

export const handlers: HandlersOf<typeof domainBlockCommands> = {
  async blockresize({ domain, path, size }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const whole = size % 1024n === 0n;
    await attempt(
      `Failed to resize block device '${path}'`,
      connection.call("domainBlockResize", {
        dom,
        disk: path,
        size: whole ? size / 1024n : size,
        flags: whole ? 0 : inBytes,
      }),
    );
    return { data: { path, size }, text: comfort(`Block device '${path}' is resized`) };
  },
};
