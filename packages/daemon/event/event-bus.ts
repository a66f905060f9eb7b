/** Carries events from drivers to doors. */
import { virError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";

export type EventListener<E> = (event: E) => void;
type FaultReporter<E> = (error: unknown, event: E) => void;

/** More than any honest set of clients registers; stops a leak from eating the daemon. */
const SUBSCRIBER_LIMIT = 10_000;

/**
 * Publishing calls every subscriber before it returns, in order of subscription, and each
 * subscriber sees events in the order of publishing, also when one of them publishes in turn.
 * What a subscriber throws is reported and harms nobody else. A subscriber must not wait; one
 * that talks to the slow puts events into its own `EventQueue`.
 */
export class EventBus<E = DomainEvent> {
  readonly #listeners = new Map<symbol, EventListener<E>>();
  readonly #pending: E[] = [];
  readonly #onFault: FaultReporter<E>;
  #draining = false;

  constructor(onFault: FaultReporter<E>) {
    this.#onFault = onFault;
  }

  /**
   * Returns the way to unsubscribe; calling it twice does no harm.
   * @throws VireoError `noMemory` above 10,000 subscribers
   */
  subscribe(listener: EventListener<E>): () => void {
    if (this.#listeners.size >= SUBSCRIBER_LIMIT)
      throw virError("noMemory", `more than ${SUBSCRIBER_LIMIT} event subscribers`);
    const key = Symbol("subscription");
    this.#listeners.set(key, listener);
    return () => void this.#listeners.delete(key);
  }

  publish(...events: readonly E[]): void {
    this.#pending.push(...events);
    if (this.#draining) return;
    this.#draining = true;
    try {
      // the list may grow while it is walked: a subscriber publishes in turn
      for (const event of this.#pending) this.#deliver(event);
    } finally {
      this.#pending.length = 0;
      this.#draining = false;
    }
  }

  #deliver(event: E): void {
    // a copy: who unsubscribes during delivery is skipped, who subscribes waits for the next event
    for (const key of Array.from(this.#listeners.keys())) {
      try {
        this.#listeners.get(key)?.(event);
      } catch (error) {
        this.#onFault(error, event);
      }
    }
  }

  get subscribers(): number {
    return this.#listeners.size;
  }
}
