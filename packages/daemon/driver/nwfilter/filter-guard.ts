/** Puts rules of filters back that somebody flushed, within some seconds, while the daemon runs. */
import { explainError } from "@vireo/model/error";
import type { Logger } from "pino";
import type { FilterList } from "./filter-list.ts";

const LOOK_MS = 2000;

export class FilterGuard {
  readonly #list: FilterList;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(list: FilterList, log: Logger) {
    this.#list = list;
    this.#log = log;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
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
}
