/** The line to a daemon, which may be drawn anew when it breaks. */
import { setTimeout as pause } from "node:timers/promises";
import type { CallOptions, RpcClient } from "@vireo/rpc/client";
import { DeadlineError, DisconnectedError } from "@vireo/rpc/client-error";

/** How a lost connection is made again; times in milliseconds. */
export interface ReconnectPolicy {
  /** Before the first attempt; doubled after each that fails. Default 100. */
  readonly firstWaitMs?: number;
  /** Longest wait between attempts. Default 5000. */
  readonly longestWaitMs?: number;
}

/** What becomes of the line: `lost` with the reason, then `regained`. */
export type LineNews =
  | { readonly state: "lost"; readonly reason: string }
  | { readonly state: "regained"; readonly attempts: number };

export interface LineOptions {
  /** Opens a new one; must have an end of its own. */
  readonly open: () => Promise<RpcClient>;
  /** Without it the line ends with its first client. */
  readonly reconnect?: ReconnectPolicy | undefined;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/**
 *   connected --lost--> waiting --opened--> prepared --> connected
 *       \-------------------\--- close() ---> closed
 *
 * What was under way when it broke has failed and is not repeated: only its caller knows whether it
 * may be. New calls wait for the new line, as long as their deadlines let them.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #closed = Promise.withResolvers<string>();
  readonly #listeners = new Set<(news: LineNews) => void>();
  readonly #ending = new AbortController();
  #client: RpcClient;
  /** Resolves when there is a client again. */
  #regained: PromiseWithResolvers<RpcClient> | undefined;
  #prepare: (client: RpcClient) => Promise<void> = () => Promise.resolve();

  constructor(client: RpcClient, options: LineOptions) {
    this.#options = options;
    this.#client = client;
    this.#follow(client);
  }

  /** Resolves with the reason when the line has ended for good. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  /** The present client, or the last one. */
  get client(): RpcClient {
    return this.#client;
  }

  /** What is done with each new client before anybody else may use it. */
  prepareWith(prepare: (client: RpcClient) => Promise<void>): void {
    this.#prepare = prepare;
  }

  /** Calls back when the line is lost and regained; returns how to stop. */
  onChange(listener: (news: LineNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Does `use` with a client that is connected; waits for one within the caller's deadline, of which
   * `use` gets the rest. @throws DeadlineError, DisconnectedError, the signal's reason
   */
  async with<T>(
    { timeoutMs = Number.POSITIVE_INFINITY, signal }: CallOptions,
    use: (client: RpcClient, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const begin = performance.now();
    const rest = (): CallOptions => ({
      timeoutMs: timeoutMs - (performance.now() - begin),
      ...(signal === undefined ? {} : { signal }),
    });
    if (this.#regained === undefined) return await use(this.#client, rest());
    const client = await this.#waited(this.#regained.promise, { timeoutMs, signal });
    return await use(client, rest());
  }

  /** From now on a line that ends is not drawn anew. */
  ending(): void {
    this.#ending.abort();
  }

  /** Ends it for good. */
  close(reason = "The connection was closed by us"): void {
    this.ending();
    this.#client.close(reason);
    this.#end(reason);
  }

  async #waited(
    regained: Promise<RpcClient>,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
  ): Promise<RpcClient> {
    const given = Promise.withResolvers<never>();
    const late = (): void =>
      given.reject(new DeadlineError(`The connection was not regained within ${timeoutMs} ms`));
    const aborted = (): void => given.reject(signal?.reason);
    const timer = Number.isFinite(timeoutMs) ? setTimeout(late, timeoutMs) : undefined;
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted === true) aborted();
    try {
      return await Promise.race([regained, given.promise]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    }
  }

  #follow(client: RpcClient): void {
    void client.closed.then(async (reason) => {
      const { reconnect } = this.#options;
      if (this.#ending.signal.aborted || reconnect === undefined) this.#end(reason);
      else await this.#regain(reason, reconnect);
    });
  }

  async #regain(
    reason: string,
    { firstWaitMs = FIRST_WAIT_MS, longestWaitMs = LONGEST_WAIT_MS }: ReconnectPolicy,
  ): Promise<void> {
    const regained = Promise.withResolvers<RpcClient>();
    regained.promise.catch(() => undefined); // nobody need wait for it
    this.#regained = regained;
    this.#tell({ state: "lost", reason });
    const { signal } = this.#ending;
    for (let attempts = 1, wait = firstWaitMs; !this.#isEnding(); attempts += 1) {
      await pause(wait, undefined, { signal }).catch(() => undefined);
      const client = this.#isEnding() ? undefined : await this.#attempt();
      if (client !== undefined) {
        this.#client = client;
        this.#regained = undefined;
        this.#follow(client);
        regained.resolve(client);
        this.#tell({ state: "regained", attempts });
        return;
      }
      wait = Math.min(wait * 2, longestWaitMs);
    }
  }

  #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** @returns undefined when it failed, or came too late */
  async #attempt(): Promise<RpcClient | undefined> {
    let client: RpcClient | undefined;
    try {
      client = await this.#options.open();
      await this.#prepare(client);
      if (!this.#ending.signal.aborted) return client;
    } catch {
      // the next attempt may do better
    }
    client?.close();
    return undefined;
  }

  #tell(news: LineNews): void {
    for (const listener of this.#listeners) queueMicrotask(() => listener(news));
  }

  #end(reason: string): void {
    this.#regained?.reject(new DisconnectedError(`The connection has ended: ${reason}`));
    this.#closed.resolve(reason);
  }
}
