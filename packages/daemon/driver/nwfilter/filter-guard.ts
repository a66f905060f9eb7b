/** While the daemon runs: puts rules of filters back that somebody flushed, and learns guests' addresses. */
import { explainError } from "@vireo/model/error";
import type { Logger } from "pino";
import type { FilterList } from "./filter-list.ts";

const LOOK_MS = 2000;

/** Does something again and again, never twice at a time. */
class Round {
  readonly #timer: NodeJS.Timeout;
  #under: Promise<void> | undefined;

  constructor(ms: number, work: () => Promise<void>) {
    this.#timer = setInterval(() => {
      this.#under ??= work().finally(() => (this.#under = undefined));
    }, ms).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#under;
  }
}

export class FilterGuard {
  readonly #list: FilterList;
  readonly #log: Logger;
  readonly #rounds: readonly Round[];

  constructor(list: FilterList, log: Logger) {
    this.#list = list;
    this.#log = log;
    this.#rounds = [
      new Round(LOOK_MS, () => this.#look()),
      new Round(list.listenMs, () => this.#listen()),
    ];
  }

  async close(): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.close()));
  }

  async #look(): Promise<void> {
    if (this.#list.bindings().length === 0) return;
    try {
      const interfaces = await this.#list.heal();
      if (interfaces.length > 0) this.#log.warn({ interfaces }, "packet filters healed");
    } catch (error) {
      this.#log.warn(`packet filters cannot be looked after: ${explainError(error)}`);
    }
  }

  async #listen(): Promise<void> {
    try {
      await this.#list.listen();
    } catch (error) {
      this.#log.warn(`packet filter: learned addresses are not in force: ${explainError(error)}`);
    }
  }
}
