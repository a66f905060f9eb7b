import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import type { Connection } from "../../connection.ts";
import type { Context } from "../../context.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainShutdownFlagValues and virDomainRebootFlagValues: the same bits. */
const modes: ReadonlyMap<string, number> = new Map([
  ["acpi", 1],
  ["agent", 2],
  ["initctl", 4],
  ["signal", 8],
  ["paravirt", 16],
]);

/** @throws CommandError for a mode nobody knows */
function modeFlags(mode: string | undefined, listing: string): number {
  return (mode ?? "")
    .split(",")
    .filter(Boolean)
    .reduce((flags, word) => {
      const flag = modes.get(word);
      if (flag === undefined)
        throw new CommandError(`Unknown mode ${word} value, expecting ${listing}`);
      return flags | flag;
    }, 0);
}

/** How each command lists the modes in its complaint, as virsh does. */
const shutdownModes = "'acpi', 'agent', 'initctl', 'signal', or 'paravirt'";
const rebootModes = "'acpi', 'agent', 'initctl', 'signal' or 'paravirt'";

interface Action {
  /** As in "Failed to ACTION domain". */
  readonly verb: string;
  /** As in "Domain 'x' RESULT". */
  readonly result: string;
  run(connection: Connection, dom: DomainReference): Promise<unknown>;
}

/** Does something to a domain and says so. */
async function act(word: string, context: Context, action: Action): Promise<Answer> {
  const connection = await context.connection();
  const dom = await findDomain(connection, word);
  await attempt(`Failed to ${action.verb} domain '${word}'`, action.run(connection, dom));
  return done(`Domain '${word}' ${action.result}`, { name: dom.name, uuid: dom.uuid });
}

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async start(args, context) {
    if (args["pass-fds"] !== undefined)
      throw new CommandError("option --pass-fds is not implemented in vireo yet");
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    if (dom.id !== -1) throw new CommandError("Domain is already active");
    const flags = bits(
      [args.paused, 1],
      [args.autodestroy, 2],
      [args["bypass-cache"], 4],
      [args["force-boot"], 8],
      [args["reset-nvram"], 32],
    );
    const started = await attempt(
      `Failed to start domain '${dom.name}'`,
      connection.call("domainCreateWithFlags", { dom, flags }),
    );
    const answer = done(`Domain '${dom.name}' started`, {
      name: dom.name,
      uuid: dom.uuid,
      id: started.dom.id,
    });
    if (!args.console) return answer;
    const { openConsole } = await import("./console.ts");
    if (!context.globals.quiet) context.print(`Domain '${dom.name}' started\n`);
    await openConsole(started.dom, { devname: undefined, flags: 0 }, context);
    return undefined;
  },

  async shutdown({ domain, mode }, context) {
    const flags = modeFlags(mode, shutdownModes);
    return await act(domain, context, {
      verb: "shutdown",
      result: "is being shutdown",
      run: async (connection, dom) => {
        if (flags === 0) await connection.call("domainShutdown", { dom });
        else await connection.call("domainShutdownFlags", { dom, flags });
      },
    });
  },

  async reboot({ domain, mode }, context) {
    const flags = modeFlags(mode, rebootModes);
    return await act(domain, context, {
      verb: "reboot",
      result: "is being rebooted",
      run: async (connection, dom) => await connection.call("domainReboot", { dom, flags }),
    });
  },

  async reset({ domain }, context) {
    return await act(domain, context, {
      verb: "reset",
      result: "was reset",
      run: async (connection, dom) => await connection.call("domainReset", { dom, flags: 0 }),
    });
  },

  async destroy({ domain, graceful, "remove-logs": removeLogs }, context) {
    const flags = bits([graceful, 1], [removeLogs, 2]);
    return await act(domain, context, {
      verb: "destroy",
      result: "destroyed",
      run: async (connection, dom) => {
        if (flags === 0) await connection.call("domainDestroy", { dom });
        else await connection.call("domainDestroyFlags", { dom, flags });
      },
    });
  },

  async suspend({ domain }, context) {
    return await act(domain, context, {
      verb: "suspend",
      result: "suspended",
      run: async (connection, dom) => await connection.call("domainSuspend", { dom }),
    });
  },

  async resume({ domain }, context) {
    return await act(domain, context, {
      verb: "resume",
      result: "resumed",
      run: async (connection, dom) => await connection.call("domainResume", { dom }),
    });
  },

  async "inject-nmi"({ domain }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainInjectNmi", { dom, flags: 0 });
    return { data: {}, text: "" };
  },
};
