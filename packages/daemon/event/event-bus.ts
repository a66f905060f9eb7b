/** Carries events from drivers to doors. */
import { virError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";

export type EventListener = (event: DomainEvent) => void;
type FaultReporter = (error: unknown, event: DomainEvent) => void;

/** More than any honest set of clients registers; stops a leak from eating the daemon. */
const SUBSCRIBER_LIMIT = 10_000;

/**
 * Publishing calls every subscriber before it returns, in order of subscription, and each
 * subscriber sees events in the order of publishing, also when one of them publishes in turn.
 * What a subscriber throws is reported and harms nobody else. A subscriber must not wait; one
 * that talks to the slow puts events into its own `EventQueue`.
 */
export class EventBus {
  readonly #listeners = new Map<symbol, EventListener>();
  readonly #pending: DomainEvent[] = [];
  readonly #onFault: FaultReporter;
  #draining = false;

  constructor(onFault: FaultReporter) {
    this.#onFault = onFault;
  }

  /**
   * Returns the way to unsubscribe; calling it twice does no harm.
   * @throws VireoError `noMemory` above 10,000 subscribers
   */
  subscribe(listener: EventListener): () => void {
    if (this.#listeners.size >= SUBSCRIBER_LIMIT)
      throw virError("noMemory", `more than ${SUBSCRIBER_LIMIT} event subscribers`);
    const key = Symbol("subscription");
    this.#listeners.set(key, listener);
    return () => void this.#listeners.delete(key);
  }

  publish(...events: readonly DomainEvent[]): void {
    this.#pending.push(...events);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let event = this.#pending.shift(); event; event = this.#pending.shift())
        this.#deliver(event);
    } finally {
      this.#draining = false;
    }
  }

  #deliver(event: DomainEvent): void {
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
