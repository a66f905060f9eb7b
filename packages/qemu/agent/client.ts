/**
 * A client of the QEMU guest agent (docs/interop/qemu-ga-ref).
 *
 * The agent takes one command at a time and its answers name no command, so every command is
 * preceded by `guest-sync-delimited`: whatever an earlier, given-up command still answers comes
 * before the answer to that and is dropped. All that arrives is the guest's word and not trusted.
 */
import { randomInt } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import type { VireoError } from "@vireo/model/error";
import { within } from "../deadline.ts";
import { jsonText, type JsonObject } from "../json.ts";
import { LineSplitter } from "../qmp/line-splitter.ts";
import { parseMessage, type Message } from "../qmp/parse-message.ts";
import { agentBusy, agentGarbled, agentGone, agentRefused, agentSilent } from "./agent-error.ts";

/** Largest answer accepted from the guest. */
const ANSWER_LIMIT = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
/** For an agent that is there to say so: libvirt's own default. */
const SYNC_TIMEOUT_MS = 5000;
const WAITING_LIMIT = 64;
/** More than this before the answer is no agent speaking but a guest that floods us. */
const FLOOD_LIMIT = 2 * ANSWER_LIMIT;
const MAX_SYNC_ID = 2 ** 47;

/** Resets the agent's parser, and marks the answer to a sync. */
const DELIMITER = 0xff;
/** What a 0xff byte becomes when read as UTF-8. */
const DELIMITER_READ = "\u{fffd}";

export interface AgentOptions {
  /** Called once, however the connection ended. */
  readonly onClose?: (reason: VireoError) => void;
}
export interface AgentDeadline {
  /** For waiting its turn, the sync and the answer together; 30 s by default. */
  readonly timeoutMs?: number | undefined;
}

/** Called when the command is sent; resolves when its effect is seen. */
export type Sign = () => Promise<unknown>;

interface Listener {
  readonly take: (line: string) => void;
  readonly reject: (error: Error) => void;
}

export class AgentClient {
  readonly #socket: Socket;
  readonly #lines = new LineSplitter(ANSWER_LIMIT);
  readonly #options: AgentOptions;
  #listener: Listener | undefined;
  /** Bytes since somebody began to listen. */
  #heard = 0;
  #closed: VireoError | undefined;
  #turns: Promise<void> = Promise.resolve();
  #waiting = 0;
  #syncId = randomInt(MAX_SYNC_ID);

  /** Takes the path of the agent's socket, or a socket; says nothing until the first command. */
  constructor(target: string | Socket, options: AgentOptions = {}) {
    this.#socket = typeof target === "string" ? createConnection(target) : target;
    this.#options = options;
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => this.#end("connection failed", error));
    this.#socket.on("close", () => this.#end("end of file"));
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Runs a command and gives what it returns.
   * @throws VireoError `internalError` when the agent refuses, `agentUnresponsive` when nobody answers
   */
  execute(
    command: string,
    args: JsonObject = {},
    { timeoutMs = DEFAULT_TIMEOUT_MS }: AgentDeadline = {},
  ): Promise<unknown> {
    return this.#inTurn(command, timeoutMs, async (untilMs) => {
      await this.#sync(untilMs);
      return this.#answer(command, args, untilMs);
    });
  }

  /**
   * Sends a message as it stands and gives the answer as it stands; `command` is for errors.
   * @throws VireoError as `execute`
   */
  relay(
    command: string,
    message: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: AgentDeadline = {},
  ): Promise<string> {
    return this.#inTurn(command, timeoutMs, async (untilMs) => {
      await this.#sync(untilMs);
      const answer = await this.#ask({ command, message, untilMs }, (line) => {
        unrefused(command, line);
        return { answer: line };
      });
      return String(answer);
    });
  }

  /**
   * Runs a command that answers only when it fails, such as `guest-shutdown`: done when the sign
   * comes or the connection ends.
   * @throws VireoError as `execute`
   */
  executeUntil(
    command: string,
    args: JsonObject,
    { sign, timeoutMs = DEFAULT_TIMEOUT_MS }: AgentDeadline & { readonly sign: Sign },
  ): Promise<void> {
    return this.#inTurn(command, timeoutMs, async (untilMs) => {
      await this.#sync(untilMs);
      const answer = this.#answer(command, args, untilMs).catch((error: unknown) => {
        if (this.#closed === undefined) throw error;
      });
      await Promise.race([answer, sign()]);
    });
  }

  close(): void {
    this.#end("closed by us");
  }

  /** Waits until the commands before are done with; `work` learns when its time is up. */
  async #inTurn<T>(
    command: string,
    timeoutMs: number,
    work: (untilMs: number) => Promise<T>,
  ): Promise<T> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#waiting >= WAITING_LIMIT) throw agentBusy(this.#waiting);
    const untilMs = performance.now() + timeoutMs;
    const before = this.#turns;
    const done = Promise.withResolvers<void>();
    this.#turns = before.then(() => done.promise);
    this.#waiting += 1;
    try {
      await within(before, timeoutMs, () => agentSilent(command, timeoutMs));
      return await work(untilMs).finally(() => this.#forget());
    } finally {
      this.#waiting -= 1;
      done.resolve();
    }
  }

  /** Lets go of an answer that nobody needs any more, and of its timer. */
  #forget(): void {
    this.#listener?.reject(agentGone("no longer waited for"));
    this.#listener = undefined;
    this.#socket.pause(); // what nobody waits for costs nothing
  }

  #sync(untilMs: number): Promise<unknown> {
    const command = "guest-sync-delimited";
    const id = (this.#syncId = (this.#syncId + 1) % MAX_SYNC_ID);
    this.#socket.write(Buffer.of(DELIMITER));
    const until = Math.min(untilMs, performance.now() + SYNC_TIMEOUT_MS);
    const message = jsonText({ execute: command, arguments: { id } });
    return this.#ask({ command, message, untilMs: until }, (line) =>
      isSyncAnswer(line, id) ? { answer: id } : undefined,
    );
  }

  #answer(command: string, args: JsonObject, untilMs: number): Promise<unknown> {
    const given = Object.keys(args).length === 0 ? {} : { arguments: args };
    const message = jsonText({ execute: command, ...given });
    return this.#ask({ command, message, untilMs }, (line) => ({
      answer: unrefused(command, line)["return"],
    }));
  }

  /** Sends a command; `pick` chooses its answer among the lines that come, or throws. */
  #ask(
    { command, message, untilMs }: { command: string; message: string; untilMs: number },
    pick: (line: string) => { readonly answer: unknown } | undefined,
  ): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#listener = {
      reject,
      take: (line) => {
        const picked = pick(line);
        if (picked !== undefined) resolve(picked.answer);
      },
    };
    this.#heard = 0;
    this.#socket.resume();
    this.#socket.write(`${message}\n`);
    const left = Math.max(0, untilMs - performance.now());
    return within(promise, left, () => agentSilent(command, left));
  }

  #read(chunk: Buffer): void {
    this.#heard += chunk.length;
    if (this.#heard > FLOOD_LIMIT) return this.#end("the agent talks without end");
    try {
      for (const line of this.#lines.push(chunk)) this.#take(line);
    } catch (error) {
      this.#end("the agent sent a line that is too long", error);
    }
  }

  #take(line: string): void {
    const listener = this.#listener;
    if (listener === undefined) return; // nobody waits any more
    try {
      listener.take(line);
    } catch (error) {
      listener.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #end(why: string, cause?: unknown): void {
    if (this.#closed !== undefined) return;
    this.#closed = agentGone(why, cause);
    this.#socket.destroy();
    this.#listener?.reject(this.#closed);
    this.#listener = undefined;
    this.#options.onClose?.(this.#closed);
  }
}

/** The answer, unless it is a refusal, which is thrown. */
function unrefused(command: string, line: string): Message {
  const message = readable(command, line);
  if (message["error"] !== undefined) throw agentRefused(command, message["error"]);
  return message;
}

function readable(command: string, line: string): Message {
  try {
    return parseMessage(line);
  } catch (error) {
    throw agentGarbled(command, error);
  }
}

/** Behind the delimiter stands the answer, before it whatever was left of earlier ones. */
function isSyncAnswer(line: string, id: number): boolean {
  const at = line.lastIndexOf(DELIMITER_READ);
  if (at < 0) return false;
  try {
    return parseMessage(line.slice(at + 1))["return"] === id;
  } catch {
    return false; // half a line of an agent that was restarted
  }
}
