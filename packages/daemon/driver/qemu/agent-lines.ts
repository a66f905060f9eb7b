/**
 * The daemon's lines to guest agents: one for each running guest, shared by all who ask, opened by
 * the first of them and hung up when the guest closes its side or ends.
 */
import { virError } from "@vireo/model/error";
import { AgentClient } from "@vireo/qemu/agent/client";
import type { EventBus } from "../../event/event-bus.ts";
import { connectUnix } from "../../host/unix-listener.ts";
import { currentConfig } from "./domain-report.ts";
import type { DomainView } from "./domain-view.ts";
import { agentChannel } from "./live-config.ts";

/** The actor, as far as this needs it. */
interface Asked {
  readonly view: DomainView;
}

/** Whether the guest's side of the agent's line is open. */
export function hasAgent({ view }: Asked): boolean {
  const target = agentChannel(currentConfig(view))?.target;
  return target?.type === "virtio" && target.state === "connected";
}

/**
 * The agent's socket on the host.
 * @throws VireoError `argumentUnsupported` without an agent in the definition, `agentUnresponsive`
 * when the guest has not opened its side
 */
function agentSocket(actor: Asked): string {
  const channel = agentChannel(currentConfig(actor.view));
  if (channel === undefined)
    throw virError("argumentUnsupported", "QEMU guest agent is not configured");
  if (!hasAgent(actor) || channel.type !== "unix" || channel.source?.path === undefined)
    throw virError("agentUnresponsive", "QEMU guest agent is not connected");
  return channel.source.path;
}

export class AgentLines {
  /** Seconds that somebody asked for before a domain was started. */
  readonly timeouts = new Map<string, number>();
  readonly #open = new Map<string, { readonly path: string; readonly client: AgentClient }>();

  constructor(events: EventBus) {
    events.subscribe((event) => {
      const gone =
        (event.kind === "agentLifecycle" && event.state === "disconnected") ||
        (event.kind === "lifecycle" && event.event === "stopped");
      if (gone) this.#hangUp(event.domain.uuid);
      if (event.kind === "lifecycle" && event.event === "stopped")
        this.timeouts.delete(event.domain.uuid);
    });
  }

  /** @throws VireoError as `agentSocket` */
  of(actor: Asked): AgentClient {
    return this.at(actor.view.uuid, agentSocket(actor));
  }

  /** The line to the socket at `path`, opened when there is none. */
  at(uuid: string, path: string): AgentClient {
    const known = this.#open.get(uuid);
    if (known?.path === path && !known.client.isClosed) return known.client;
    this.#hangUp(uuid);
    const client = new AgentClient(connectUnix(path));
    this.#open.set(uuid, { path, client });
    return client;
  }

  #hangUp(uuid: string): void {
    this.#open.get(uuid)?.client.close();
    this.#open.delete(uuid);
  }

  close(): void {
    for (const uuid of this.#open.keys()) this.#hangUp(uuid);
  }
}
