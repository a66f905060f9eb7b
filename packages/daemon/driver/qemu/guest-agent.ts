/** The few words that the daemon says to the agent inside the guest. */
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { AgentClient } from "@vireo/qemu/agent/client";
import { agentShutdown } from "@vireo/qemu/agent/command";
import { connectUnix } from "../../host/unix-listener.ts";
import { agentChannel } from "./live-config.ts";

/** An agent that refuses says so at once; one that obeys says nothing. */
const REFUSAL_MS = 300;

/**
 * The agent's socket on the host.
 * @throws VireoError `argumentUnsupported` without an agent in the definition, `agentUnresponsive`
 * when the guest has not opened its side
 */
function agentSocket(config: ResolvedDomain): string {
  const channel = agentChannel(config);
  if (channel === undefined)
    throw virError("argumentUnsupported", "QEMU guest agent is not configured");
  const open = channel.target?.type === "virtio" && channel.target.state === "connected";
  if (!open || channel.type !== "unix" || channel.source?.path === undefined)
    throw virError("agentUnresponsive", "QEMU guest agent is not connected");
  return channel.source.path;
}

/**
 * Asks the guest to power off or to reboot.
 * @throws VireoError `agentUnresponsive`, `argumentUnsupported`, `internalError` when the agent refuses
 */
export async function shutdownByAgent(
  config: ResolvedDomain,
  mode: "powerdown" | "reboot",
): Promise<void> {
  const agent = new AgentClient(connectUnix(agentSocket(config)));
  try {
    await agentShutdown(agent, mode, { sign: () => sleep(REFUSAL_MS) });
  } finally {
    agent.close();
  }
}

/** One question through a line that is hung up afterwards. */
export async function askThrough(agent: AgentClient, command: string): Promise<unknown> {
  try {
    return await agent.execute(command);
  } finally {
    agent.close();
  }
}

/**
 * Asks the guest's agent one thing.
 * @throws VireoError `agentUnresponsive`, `argumentUnsupported`, `internalError` when the agent refuses
 */
export const askAgent = async (config: ResolvedDomain, command: string): Promise<unknown> =>
  askThrough(new AgentClient(connectUnix(agentSocket(config))), command);

/** Whether the guest's side of the agent's line is open. */
export function hasAgent(config: ResolvedDomain): boolean {
  const target = agentChannel(config)?.target;
  return target?.type === "virtio" && target.state === "connected";
}
