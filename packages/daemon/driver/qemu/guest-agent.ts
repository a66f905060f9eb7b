/** The few words that the daemon says to the agent inside the guest. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { LineSplitter } from "@vireo/qemu/qmp/line-splitter";
import { connectUnix } from "../../host/unix-listener.ts";
import { agentChannel } from "./live-config.ts";

const ANSWER_MS = 5000;
const LINE_LIMIT = 1024 * 1024;
/** Ends whatever half a message the agent may hold. */
const RESET = "\u00ff";

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

const isAnswerTo = (line: string, id: number): boolean => {
  try {
    const answer: unknown = JSON.parse(line.replaceAll(RESET, ""));
    return (
      typeof answer === "object" && answer !== null && "return" in answer && answer.return === id
    );
  } catch {
    return false; // rests of an older conversation
  }
};

/** Proves that the agent listens, and that what follows is not swallowed by old requests. */
async function synchronize(socket: Socket, signal: AbortSignal): Promise<void> {
  const id = Math.trunc(Math.random() * 1e9);
  const lines = new LineSplitter(LINE_LIMIT);
  socket.write(
    `${RESET}${JSON.stringify({ execute: "guest-sync", arguments: { id } })}\n`,
    "latin1",
  );
  for (;;) {
    const [chunk] = await once(socket, "data", { signal });
    if (!(chunk instanceof Buffer)) continue;
    if (lines.push(chunk).some((line) => isAnswerTo(line, id))) return;
  }
}

/**
 * Asks the guest to power off or to reboot. The agent does not answer that, the guest's end does.
 * @throws VireoError `agentUnresponsive`, `argumentUnsupported`
 */
export async function shutdownByAgent(
  config: ResolvedDomain,
  mode: "powerdown" | "reboot",
): Promise<void> {
  const socket = connectUnix(agentSocket(config));
  try {
    await synchronize(socket, AbortSignal.timeout(ANSWER_MS));
    const command = { execute: "guest-shutdown", arguments: { mode } };
    await new Promise<void>((resolve) =>
      socket.write(`${JSON.stringify(command)}\n`, () => resolve()),
    );
  } catch (cause) {
    throw virError("agentUnresponsive", "Guest agent not available for now", { cause });
  } finally {
    socket.destroySoon();
  }
}

/** Whether the guest's side of the agent's line is open. */
export function hasAgent(config: ResolvedDomain): boolean {
  const target = agentChannel(config)?.target;
  return target?.type === "virtio" && target.state === "connected";
}
