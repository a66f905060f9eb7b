/** The agent's commands that Vireo uses, each with what it needs and gives. */
import { isMessage } from "../qmp/parse-message.ts";
import type { AgentClient, AgentDeadline, Sign } from "./client.ts";

const PING_MS = 5000;
/** libvirt's own patience for a guest that was asked to go down. */
const SHUTDOWN_MS = 60_000;
const COMMANDS_LIMIT = 1000;

export interface AgentInfo {
  readonly version: string;
  /** Names of the commands that are there and switched on. */
  readonly commands: readonly string[];
}
export type ShutdownMode = "powerdown" | "halt" | "reboot";

/** @throws VireoError `agentUnresponsive` when no agent answers */
export async function agentPing(
  agent: AgentClient,
  { timeoutMs = PING_MS }: AgentDeadline = {},
): Promise<void> {
  await agent.execute("guest-ping", {}, { timeoutMs });
}

/**
 * Asks the guest to go down. The agent says nothing when it does as it was told: the sign is that
 * QEMU reports a shutdown or reset, or that no refusal came for a while.
 */
export const agentShutdown = (
  agent: AgentClient,
  mode: ShutdownMode,
  { sign, timeoutMs = SHUTDOWN_MS }: AgentDeadline & { readonly sign: Sign },
): Promise<void> => agent.executeUntil("guest-shutdown", { mode }, { sign, timeoutMs });

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, COMMANDS_LIMIT) : [];

export async function agentInfo(agent: AgentClient, deadline?: AgentDeadline): Promise<AgentInfo> {
  const answer = await agent.execute("guest-info", {}, deadline);
  const { version, supported_commands: commands } = isMessage(answer) ? answer : {};
  return {
    version: typeof version === "string" ? version : "",
    commands: list(commands).flatMap((one) =>
      isMessage(one) && one["enabled"] === true && typeof one["name"] === "string"
        ? [one["name"]]
        : [],
    ),
  };
}
