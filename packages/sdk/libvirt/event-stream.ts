/** Most events that wait for a slow reader. */
const QUEUE_MAX = 10_000;

/** The reader of an event stream is too slow. */
export class EventOverflowError extends Error {
  override readonly name = "EventOverflowError";
}

/** The line was lost meanwhile: events may have been missed. */
export class EventGapError extends Error {
  override readonly name = "EventGapError";
}

/** Stands among the events where some may be missing. */
const GAP = Symbol("gap");

/**
 * Events one after the other: `for await (const event of stream)`. Leaving the loop, or `close()`,
 * stops them. Reading throws when the connection ends, more than 10000 events wait, or
 * some may have been missed and nobody wants to be called then.
 */
export class EventStream<T> {
  readonly #waiting: (T | typeof GAP)[] = [];
  readonly #stop: () => Promise<void>;
  readonly #onGap: (() => void) | undefined;
  #end: "open" | "closed" | Error = "open";
  #wake: (() => void) | undefined;

  /** `onGap` is called by the reader's loop, where events may be missing. */
  constructor(stop: () => Promise<void>, onGap?: () => void) {
    this.#stop = stop;
    this.#onGap = onGap;
  }

  /** Add an event. */
  push(event: T): void {
    this.#add(event);
  }

  /** Some may be missing here. */
  gap(): void {
    this.#add(GAP);
  }

  #add(event: T | typeof GAP): void {
    if (this.#end !== "open") return;
    if (this.#waiting.length >= QUEUE_MAX) {
      this.fail(new EventOverflowError(`More than ${QUEUE_MAX} events wait to be read`));
      return;
    }
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** No more can come, and the reader shall know why. */
  fail(error: Error): void {
    if (this.#end === "open") this.#end = error;
    this.#wake?.();
  }

  /** Stop the events. */
  async close(): Promise<void> {
    if (this.#end === "closed") return;
    this.#end = "closed";
    this.#wake?.();
    await this.#stop();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for (;;) {
        const event = this.#waiting.shift();
        if (event === GAP) this.#tellGap();
        else if (event !== undefined) yield event;
        else if (this.#end instanceof Error) throw this.#end;
        else if (this.#end === "closed") return;
        else await this.#change();
      }
    } finally {
      await this.close();
    }
  }

  /** @throws EventGapError */
  #tellGap(): void {
    if (this.#onGap === undefined)
      throw new EventGapError("The connection was lost meanwhile: events may have been missed");
    this.#onGap();
  }

  #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}
