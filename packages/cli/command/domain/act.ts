import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { attempt, CommandError, comfort, type HandlersOf } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import { affectFlags } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virNodeSuspendTarget. */
const sleepTargets = ["mem", "disk", "hybrid"];
/** virDomainLifecycle. */
const lifecycleTypes = ["poweroff", "reboot", "crash"];
/** virDomainLifecycleAction. */
const lifecycleActions = [
  "destroy",
  "restart",
  "rename-restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
];

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async dompmsuspend({ domain, target: word, duration = 0n }, context) {
    const target = sleepTargets.indexOf(word);
    if (target === -1) throw new CommandError("Invalid target");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      `Domain '${domain}' could not be suspended`,
      connection.call("domainPmSuspendForDuration", { dom, target, duration, flags: 0 }),
    );
    return { data: {}, text: comfort(`Domain '${domain}' successfully suspended`) };
  },

  async dompmwakeup({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      `Domain '${domain}' could not be woken up`,
      connection.call("domainPmWakeup", { dom, flags: 0 }),
    );
    return { data: {}, text: comfort(`Domain '${domain}' successfully woken up`) };
  },

  async "set-lifecycle-action"({ domain, type: typeWord, action: actionWord, ...choice }, context) {
    const type = lifecycleTypes.indexOf(typeWord);
    if (type === -1) throw new CommandError(`Invalid lifecycle type '${typeWord}'.`);
    const action = lifecycleActions.indexOf(actionWord);
    if (action === -1) throw new CommandError(`Invalid lifecycle action '${actionWord}'.`);
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      "Unable to change lifecycle action.",
      connection.call("domainSetLifecycleAction", { dom, type, action, flags }),
    );
    return { data: {}, text: "" };
  },

  async screenshot({ domain, file, screen = 0 }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { ret, stream } = await attempt(
      `could not take a screenshot of ${domain}`,
      connection.callStream("domainScreenshot", { dom, screen, flags: 0 }),
    );
    const mime = ret.mime ?? "image/x-portable-pixmap";
    const path = file ?? defaultName(dom.name, mime);
    await attempt(
      `could not receive data from domain '${domain}'`,
      pipeline(bytesOf(stream.incoming), createWriteStream(path)).then(
        async () => await stream.finish(),
      ),
    );
    return {
      data: { file: path, mime },
      text: comfort(`Screenshot saved to ${path}, with type of ${mime}`),
    };
  },
};

/** `web-2026-01-31-23:59:59.png`. */
function defaultName(domain: string, mime: string): string {
  const ending = mime === "image/png" ? ".png" : mime.startsWith("image/x-portable") ? ".ppm" : "";
  const time = new Date().toISOString().slice(0, 19).replace("T", "-");
  return `${domain}-${time}${ending}`;
}

async function* bytesOf(
  chunks: AsyncIterable<Uint8Array | { readonly hole: bigint }>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk;
}
