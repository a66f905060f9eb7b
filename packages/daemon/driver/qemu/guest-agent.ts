/** One domain's agent as the driver's operations ask it. No turn is held meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { JsonObject } from "@vireo/qemu/json";
import type { Sign } from "@vireo/qemu/agent/client";
import { agentShutdown, type ShutdownMode } from "@vireo/qemu/agent/command";
import { isMessage } from "@vireo/qemu/qmp/parse-message";
import type { AgentLines } from "./agent-lines.ts";
import { within } from "../../host/clock.ts";
import { malformed } from "./agent-answer.ts";
import type { DomainActor } from "./domain-actor.ts";

/** An agent that refuses says so at once; one that obeys says nothing. */
const REFUSAL_MS = 300;
/** For what may have to write back a guest's whole cache, or discard a whole disk. */
export const SLOW_MS = 600_000;
/** libvirt's default for a command that a client words itself. */
const DEFAULT_S = 5;
/** libvirt's word for waiting without end; ours ends after a day. */
const LONGEST_MS = 86_400_000;
const LEAST_S = -2;
/** How long a guest may take to suspend itself. */
const SIGN_MS = 60_000;

/** @throws VireoError `invalidArg` below libvirt's least value */
export function timeoutOf(seconds: number): number {
  if (seconds < LEAST_S)
    throw virError(
      "invalidArg",
      `guest agent timeout '${seconds}' is less than the minimum '${LEAST_S}'`,
    );
  if (seconds === LEAST_S) return LONGEST_MS;
  return Math.min(LONGEST_MS, (seconds < 0 ? DEFAULT_S : seconds) * 1000);
}

export interface Question {
  readonly command: string;
  readonly args?: JsonObject;
  /** When the guest has no timeout of its own. */
  readonly timeoutMs?: number;
}

export class GuestAgent {
  readonly #lines: AgentLines;
  readonly #actor: DomainActor;

  constructor(lines: AgentLines, actor: DomainActor) {
    this.#lines = lines;
    this.#actor = actor;
  }

  get #timeoutMs(): number | undefined {
    const { uuid, live } = this.#actor.view;
    const seconds = live?.agentTimeoutS ?? this.#lines.timeouts.get(uuid);
    return seconds === undefined || seconds < 0 ? undefined : timeoutOf(seconds);
  }

  /**
   * @throws VireoError `operationInvalid` when the domain does not run, `agentUnresponsive`,
   * `argumentUnsupported`, `internalError` when the agent refuses
   */
  ask({ command, args = {}, timeoutMs }: Question): Promise<unknown> {
    this.#actor.allow("askAgent");
    return this.#lines
      .of(this.#actor)
      .execute(command, args, { timeoutMs: this.#timeoutMs ?? timeoutMs });
  }

  /** A message in a client's own words, and the answer to it. */
  async relay(message: string, timeoutMs: number, begun: () => void): Promise<string> {
    this.#actor.allow("askAgent");
    const line = this.#lines.of(this.#actor);
    begun();
    return compact(await line.relay(commandIn(message), message, { timeoutMs }));
  }

  /** Asks for something that has no answer when it is done; `sign` comes when it was seen. */
  async tell(command: string, sign: Sign): Promise<void> {
    this.#actor.allow("askAgent");
    const line = this.#lines.of(this.#actor);
    const seen = sign();
    await line.executeUntil(command, {}, { sign: () => seen, timeoutMs: SIGN_MS });
    await within(SIGN_MS, seen); // a guest that goes to sleep closes its side before it does
  }

  /** Switches vCPUs; the agent may do a part of it at a time. */
  async setVcpus(changes: readonly JsonObject[]): Promise<void> {
    const command = "guest-set-vcpus";
    for (let left = changes; left.length > 0; ) {
      const done = await this.ask({ command, args: { vcpus: left } });
      if (typeof done !== "number" || done < 1) throw malformed(command);
      left = left.slice(done);
    }
  }

  /** Asks the guest to go down or to start anew. */
  async shutdown(mode: ShutdownMode): Promise<void> {
    await agentShutdown(this.#lines.of(this.#actor), mode, { sign: () => sleep(REFUSAL_MS) });
  }
}

/** Without blanks between its parts; in one pass, for the text is the guest's. */
const compact = (json: string): string =>
  json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_all, text: string | undefined) => text ?? "");

function commandIn(message: string): string {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch (cause) {
    throw virError("internalError", `cannot parse json ${message.slice(0, 200)}`, { cause });
  }
  const command = isMessage(value) ? value["execute"] : undefined;
  return typeof command === "string" ? command : "<unknown>";
}
