/** A bounded queue between the bus and a reader who may be slow. */

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
}

/**
 * Holds at most `limit` items for its reader. When it is full the oldest are dropped and counted:
 * a slow reader loses history, never the daemon's memory.
 */
export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #items: T[] = [];
  readonly #waiters: Waiter<T>[] = [];
  readonly #limit: number;
  #lost = 0;
  #closed = false;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** How many items were dropped since the queue began. */
  get lost(): number {
    return this.#lost;
  }

  push(item: T): void {
    if (this.#closed) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) return waiter.resolve({ value: item, done: false });
    this.#items.push(item);
    if (this.#items.length <= this.#limit) return;
    this.#items.shift();
    this.#lost += 1;
  }

  /** What is queued can still be read; then the iteration ends. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items.splice(0, 1);
    if (item !== undefined) return Promise.resolve({ value: item, done: false });
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#waiters.push({ resolve }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
