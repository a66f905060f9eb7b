import { type Answer, attempt, CommandError, done, type HandlersOf, line } from "../../answer.ts";
import type { domainAgentCommands } from "../../catalog/domain-agent.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainGetHostnameFlags. */
const hostnameSources: ReadonlyMap<string, number> = new Map([
  ["lease", 1],
  ["agent", 2],
]);

/** Waits for the agent without a limit (VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK). */
const blockForever = -2;

/** JSON with two blanks of indent, or the text as it came. */
const prettyJson = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

/** JSON as it was typed, or a bare command with its arguments as JSON made into a command. */
function monitorCommand(words: readonly string[]): string {
  const text = words.join(" ");
  if (isJson(text)) return text;
  const [execute = "", ...rest] = words;
  if (rest.length === 0) return JSON.stringify({ execute });
  const argument = rest.join(" ");
  if (!isJson(argument)) throw new CommandError(`failed to parse arguments: '${argument}'`);
  return `{"execute":${JSON.stringify(execute)},"arguments":${argument}}`;
}

/** Only what a reply of the monitor returns. */
function returned(result: string, pretty: boolean): Answer {
  const reply: unknown = JSON.parse(result);
  if (typeof reply !== "object" || reply === null || !("return" in reply))
    throw new CommandError("'return' member missing");
  return { data: reply.return, text: `${JSON.stringify(reply.return, null, pretty ? 2 : 0)}\n` };
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** virDomainQemuMonitorCommandFlags. */
const hmpFlag = 1;

export const handlers: HandlersOf<typeof domainAgentCommands> = {
  async domhostname({ domain, source }, context) {
    const flags = source === undefined ? 0 : hostnameSources.get(source);
    if (flags === undefined) throw new CommandError(`Unknown data source '${source}'`);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { hostname } = await attempt(
      "failed to get hostname",
      connection.call("domainGetHostname", { dom, flags }),
    );
    return line(hostname, { hostname });
  },

  async domfstrim({ domain, minimum = 0n, mountpoint }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      "Unable to invoke fstrim",
      connection.call("domainFstrim", { dom, mountPoint: mountpoint ?? null, minimum, flags: 0 }),
    );
    return { data: {}, text: "" };
  },

  async domfsfreeze({ domain, mountpoint }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { filesystems } = await attempt(
      "Unable to freeze filesystems",
      connection.call("domainFsfreeze", { dom, mountpoints: mountpoint, flags: 0 }),
    );
    return done(`Froze ${filesystems} filesystem(s)`, { filesystems });
  },

  async domfsthaw({ domain, mountpoint }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { filesystems } = await attempt(
      "Unable to thaw filesystems",
      connection.call("domainFsthaw", { dom, mountpoints: mountpoint, flags: 0 }),
    );
    return done(`Thawed ${filesystems} filesystem(s)`, { filesystems });
  },

  async "guest-agent-timeout"({ domain, timeout = blockForever }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainAgentSetResponseTimeout", { dom, timeout, flags: 0 });
    return { data: { timeout }, text: "" };
  },

  async "set-user-password"({ domain, user, password, encrypted }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = bits([encrypted, 1]);
    await connection.call("domainSetUserPassword", { dom, user, password, flags });
    return done(`Password set successfully for ${user} in ${domain}`, { user });
  },

  async "qemu-monitor-command"(args, context) {
    if (args["pass-fds"] !== undefined)
      throw new CommandError("option --pass-fds is not implemented in vireo yet");
    exclusive(args, "hmp", "pretty");
    exclusive(args, "hmp", "return-value");
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    const { result } = await connection.callQemu("domainMonitorCommand", {
      dom,
      cmd: args.hmp ? args.cmd.join(" ") : monitorCommand(args.cmd),
      flags: args.hmp ? hmpFlag : 0,
    });
    if (args["return-value"]) return returned(result, args.pretty);
    return { data: { result }, text: args.pretty ? prettyJson(result) : `${result}\n` };
  },

  async "qemu-agent-command"({ domain, timeout, async, block, pretty, cmd }, context) {
    // -2 waits for ever, -1 as long as the daemon usually does, 0 not at all
    const wait = block ? blockForever : async ? 0 : (timeout ?? blockForever);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { result } = await connection.callQemu("domainAgentCommand", {
      dom,
      cmd: cmd.join(" "),
      timeout: wait,
      flags: 0,
    });
    if (result === null) return { data: {}, text: "" };
    return { data: { result }, text: pretty ? `${prettyJson(result)}\n` : `${result}\n` };
  },
};
