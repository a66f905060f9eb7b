/** Most events that wait for a slow reader. */
const QUEUE_MAX = 10_000;

/** The reader of an event stream is too slow. */
export class EventOverflowError extends Error {
  override readonly name = "EventOverflowError";
}

/**
 * Events one after the other: `for await (const event of stream)`. Leaving the loop, or `close()`,
 * stops them. Reading throws when the connection ends or more than 10000 events wait.
 */
export class EventStream<T> {
  readonly #waiting: T[] = [];
  readonly #stop: () => Promise<void>;
  #end: "open" | "closed" | Error = "open";
  #wake: (() => void) | undefined;

  constructor(stop: () => Promise<void>) {
    this.#stop = stop;
  }

  /** Add an event. */
  push(event: T): void {
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
        if (event !== undefined) yield event;
        else if (this.#end instanceof Error) throw this.#end;
        else if (this.#end === "closed") return;
        else await this.#change();
      }
    } finally {
      await this.close();
    }
  }

  #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}
