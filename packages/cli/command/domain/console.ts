import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { CommandError, type HandlersOf, line } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import { attachConsole } from "../../console.ts";
import type { Context } from "../../context.ts";
import { childAt, devicesOf, readDomain } from "../../domain-device.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

interface ConsoleChoice {
  readonly devname: string | undefined;
  /** virDomainConsoleFlags. */
  readonly flags: number;
}

/** Joins the terminal of this process to the console of a running domain. */
export async function openConsole(
  dom: DomainReference,
  { devname, flags }: ConsoleChoice,
  context: Context,
): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandError("Cannot run interactive console without a controlling TTY");
  const connection = await context.connection();
  const { stream } = await connection.callStream("domainOpenConsole", {
    dom,
    dev_name: devname ?? null,
    flags,
  });
  const { escape, quiet } = context.globals;
  if (!quiet) {
    const safe = (flags & 2) === 0 ? "" : " (Safe mode: nobody else can join)";
    context.print(`Connected to domain '${dom.name}'${safe}\n`);
    context.print(`Escape character is ${escape} (Ctrl + ${escape.slice(-1)})\n`);
  }
  await attachConsole(stream, { input: process.stdin, output: process.stdout }, escape);
}

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async console({ domain, devname, force, safe }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { state } = await connection.call("domainGetState", { dom, flags: 0 });
    if (dom.id === -1 || state === 5) throw new CommandError("The domain is not running");
    await openConsole(dom, { devname, flags: bits([force, 1], [safe, 2]) }, context);
    return undefined;
  },

  async ttyconsole({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const root = await readDomain(connection, dom);
    const tty = devicesOf(root, "console")
      .map(
        (device) =>
          device.attributes.get("tty") ?? childAt(device, "source")?.attributes.get("path"),
      )
      .find((path) => path !== undefined);
    if (tty === undefined) throw new CommandError(`Domain '${domain}' has no console device`);
    return line(tty, { tty });
  },
};
