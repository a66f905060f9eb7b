/**
 * Everything that happens, numbered and kept for a while, so that a client that was away learns
 * what it missed, or that it missed something.
 */
import { randomBytes } from "node:crypto";
import type { Connection } from "../../api/connection.ts";
import type { DriverEvents } from "../../driver/contract.ts";
import { EventQueue } from "../../event/event-queue.ts";

export interface FedEvent {
  /** `EPOCH-NUMBER`: the epoch is of this daemon's run. */
  readonly id: string;
  readonly at: string;
  /** Of whom: `domain`, `network` ... or `feed` for what the feed itself has to say. */
  readonly noun: string;
  /** What the driver told. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** Read by iteration, until it is closed. */
export interface FeedReader extends AsyncIterable<FedEvent> {
  readonly close: () => void;
}

const numberOf = ({ id }: FedEvent): number => Number(id.split("-")[1]);

const KEPT = 10_000;
const QUEUE = 10_000;

const NOUNS: readonly (keyof DriverEvents)[] = ["domain", "storagePool", "secret", "network"];

export class EventFeed {
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #kept: FedEvent[] = [];
  readonly #readers = new Set<EventQueue<FedEvent>>();
  readonly #unsubscribe: readonly (() => void)[];
  #number = 0;

  constructor(connection: Connection) {
    this.#unsubscribe = NOUNS.flatMap((noun) => {
      const bus = connection.events(noun);
      const heard = (event: object): void => this.add(noun, { ...event });
      return bus === undefined ? [] : [bus.subscribe(heard)];
    });
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Tells all readers. */
  add(noun: string, event: Readonly<Record<string, unknown>>): void {
    this.#number += 1;
    const fed = this.#numbered(this.#number, noun, event);
    this.#kept.push(fed);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const reader of this.#readers) reader.push(fed);
  }

  #numbered(number: number, noun: string, event: FedEvent["event"]): FedEvent {
    return { id: `${this.#epoch}-${number}`, at: new Date().toISOString(), noun, event };
  }

  /**
   * Events from now on; with `after`, also those kept since that id. When some since then are lost, or
   * the reader is so slow that some are lost on the way, it is told by `feed` `gap`: what it knows is
   * out of date. The first of all is `feed` `hello` or that `gap`.
   */
  read(after?: string): FeedReader {
    const queue = new EventQueue<FedEvent>(QUEUE);
    const missed = after === undefined ? [] : this.#since(after);
    const hello = this.#feedEvent(
      missed === undefined ? "gap" : "hello",
      this.#number - (missed?.length ?? 0),
    );
    const events = [hello, ...(missed ?? [])];
    this.#readers.add(queue);
    const close = (): void => {
      this.#readers.delete(queue);
      queue.close();
    };
    return { close, [Symbol.asyncIterator]: () => this.#following(events, queue) };
  }

  async *#following(
    first: readonly FedEvent[],
    queue: EventQueue<FedEvent>,
  ): AsyncGenerator<FedEvent, undefined> {
    let last = 0;
    for (const event of first) {
      last = numberOf(event);
      yield event;
    }
    for await (const event of queue) {
      const number = numberOf(event);
      // who resumes after the gap gets what comes next
      if (number > last + 1) yield this.#feedEvent("gap", number - 1);
      last = number;
      yield event;
    }
    return undefined;
  }

  #feedEvent(kind: "hello" | "gap", number: number): FedEvent {
    return this.#numbered(number, "feed", { kind });
  }

  /** @returns undefined when not everything since is kept */
  #since(after: string): readonly FedEvent[] | undefined {
    const [epoch, text = ""] = after.split("-");
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    const missing = this.#number - number;
    if (epoch !== this.#epoch || number < 0 || missing < 0 || missing > this.#kept.length)
      return undefined;
    return missing === 0 ? [] : this.#kept.slice(-missing);
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }
}
