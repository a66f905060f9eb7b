/**
 * Gives every change of a domain its turn: one at a time, in order of asking. Beside the turns
 * there may be one long job. It begins like a turn, and then holds back those turns only that it
 * does not admit; its own steps are turns too, which it always admits.
 *
 *     turn    |##|  |###|          |#|  |##|
 *     job               |begin ....:.#..:..... end|
 *                                    ^ a step of its own
 */
import { virError } from "@vireo/model/error";

export interface TurnLimits {
  /** How long a change may wait for its turn. */
  readonly waitMs: number;
  /** How many may wait. */
  readonly length: number;
}

/** Whether a turn of this name may be taken while the job runs. */
export type Admits = (what: string) => boolean;

/** Runs a step of the job as a turn. */
export type JobTurn = <T>(what: string, work: () => T | Promise<T>) => Promise<T>;

interface Held {
  readonly what: string;
  readonly since: number;
}

interface Turn {
  readonly what: string;
  readonly mayBegin: () => boolean;
  readonly begin: () => void;
}

const LIMITS: TurnLimits = { waitMs: 30_000, length: 100 };

export class TurnQueue {
  readonly #waiting: Turn[] = [];
  readonly #limits: TurnLimits;
  #holder: Held | undefined;
  #job: (Held & { readonly admits: Admits }) | undefined;

  constructor(limits: Partial<TurnLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** What has its turn, or else the job, and since when by `performance.now()`. */
  get holder(): Held | undefined {
    return this.#holder ?? this.#job;
  }

  /**
   * Runs `work` when everything asked before is done.
   * @throws VireoError `operationTimeout` when that takes too long; `operationFailed` when too many wait
   */
  async run<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    await this.#turn(what, () => this.#job === undefined || this.#job.admits(what));
    return this.#hold(work);
  }

  /**
   * Runs a long job when no other one runs and everything asked before is done.
   * @throws VireoError as `run`
   */
  async runJob<T>(
    what: string,
    admits: Admits,
    work: (turn: JobTurn) => T | Promise<T>,
  ): Promise<T> {
    await this.#turn(what, () => this.#job === undefined);
    const job = { what, since: performance.now(), admits };
    this.#job = job;
    this.#pass();
    try {
      return await work(async (step, body) => {
        await this.#turn(step, () => this.#job === job);
        return this.#hold(body);
      });
    } finally {
      this.#job = undefined;
      if (this.#holder === undefined) this.#pass();
    }
  }

  async #hold<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  /** Hands the turn on at once, so that nobody slips in before the next one wakes up. */
  #pass(): void {
    const at = this.#waiting.findIndex((one) => one.mayBegin());
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
    this.#holder = next && { what: next.what, since: performance.now() };
    next?.begin();
  }

  #turn(what: string, mayBegin: () => boolean): Promise<void> | undefined {
    if (this.#holder === undefined && mayBegin() && !this.#waiting.some((one) => one.mayBegin())) {
      this.#holder = { what, since: performance.now() };
      return undefined;
    }
    const { waitMs, length } = this.#limits;
    if (this.#waiting.length >= length)
      throw virError("operationFailed", "cannot acquire state change lock due to max_queued limit");
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        const held = `(held by ${this.holder?.what ?? "nobody"})`;
        reject(virError("operationTimeout", `cannot acquire state change lock ${held}`));
      }, waitMs);
      const turn: Turn = {
        what,
        mayBegin,
        begin: () => {
          clearTimeout(giveUp);
          resolve();
        },
      };
      this.#waiting.push(turn);
    });
  }
}
