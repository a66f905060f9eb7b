/** Gives every change of a domain its turn: one at a time, in order of asking. */
import { virError } from "@vireo/model/error";

export interface TurnLimits {
  /** How long a change may wait for its turn. */
  readonly waitMs: number;
  /** How many may wait. */
  readonly length: number;
}

interface Turn {
  readonly what: string;
  readonly begin: () => void;
}

const LIMITS: TurnLimits = { waitMs: 30_000, length: 100 };

export class TurnQueue {
  readonly #waiting: Turn[] = [];
  readonly #limits: TurnLimits;
  #holder: { readonly what: string; readonly since: number } | undefined;

  constructor(limits: Partial<TurnLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** What has its turn, and since when by `performance.now()`. */
  get holder(): { readonly what: string; readonly since: number } | undefined {
    return this.#holder;
  }

  /**
   * Runs `work` when everything asked before is done.
   * @throws VireoError `operationTimeout` when that takes too long; `operationFailed` when too many wait
   */
  async run<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    await this.#turn(what);
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  /** Hands the turn on at once, so that nobody slips in before the next one wakes up. */
  #pass(): void {
    const next = this.#waiting.shift();
    this.#holder = next && { what: next.what, since: performance.now() };
    next?.begin();
  }

  #turn(what: string): Promise<void> | undefined {
    if (this.#holder === undefined && this.#waiting.length === 0) {
      this.#holder = { what, since: performance.now() };
      return undefined;
    }
    const { waitMs, length } = this.#limits;
    if (this.#waiting.length >= length)
      throw virError("operationFailed", "cannot acquire state change lock due to max_queued limit");
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        const held = `(held by ${this.#holder?.what ?? "nobody"})`;
        reject(virError("operationTimeout", `cannot acquire state change lock ${held}`));
      }, waitMs);
      const turn: Turn = {
        what,
        begin: () => {
          clearTimeout(giveUp);
          resolve();
        },
      };
      this.#waiting.push(turn);
    });
  }
}
