/** The events of one kind of object (pools, secrets ...) that one client asked for. */
import { virError } from "@vireo/model/error";
import type { EventBus } from "../../event/event-bus.ts";
import type { DoorSession } from "./door-session.ts";

/** What the subscriptions need to know of an event. */
export interface EventWire<E> {
  /** libvirt's number of the event. */
  readonly idOf: (event: E) => number;
  readonly uuidOf: (event: E) => string;
  readonly send: (session: DoorSession, callbackID: number, event: E) => void;
  /** How many events there are. */
  readonly count: number;
}

interface Subscription {
  readonly eventID: number;
  /** Only this object's events; all when absent. */
  readonly uuid: string | undefined;
}

export class ObjectSubscriptions<E> {
  readonly #wire: EventWire<E>;
  readonly #session: DoorSession;
  readonly #unsubscribe: () => void;
  readonly #list = new Map<number, Subscription>();
  #next = 0;

  constructor(session: DoorSession, bus: EventBus<E>, wire: EventWire<E>) {
    this.#session = session;
    this.#wire = wire;
    this.#unsubscribe = bus.subscribe((event) => this.#deliver(event));
    session.onClose(() => this.close());
  }

  /** Returns the callback id. @throws VireoError `internalError` for an unknown event */
  add(eventID: number, uuid: string | undefined): number {
    if (eventID < 0 || eventID >= this.#wire.count)
      throw virError("internalError", `unsupported event ID ${eventID}`, { from: 7 });
    const callbackID = this.#next++;
    this.#list.set(callbackID, { eventID, uuid });
    return callbackID;
  }

  remove(callbackID: number): void {
    if (!this.#list.delete(callbackID))
      throw virError("internalError", `event callback ${callbackID} not registered`, { from: 7 });
  }

  #deliver(event: E): void {
    const id = this.#wire.idOf(event);
    const about = this.#wire.uuidOf(event);
    for (const [callbackID, { eventID, uuid }] of this.#list)
      if (eventID === id && (uuid === undefined || uuid === about))
        this.#wire.send(this.#session, callbackID, event);
  }

  close(): void {
    this.#unsubscribe();
    this.#list.clear();
  }
}

/** The subscriptions of each client, made when it first asks. */
export class SubscriptionsBySession<E> {
  readonly #of = new WeakMap<DoorSession, ObjectSubscriptions<E>>();
  readonly #wire: EventWire<E>;
  readonly #busOf: (session: DoorSession) => EventBus<E> | undefined;

  constructor(wire: EventWire<E>, busOf: (session: DoorSession) => EventBus<E> | undefined) {
    this.#wire = wire;
    this.#busOf = busOf;
  }

  /** @throws VireoError `noSupport` when no driver of the connection tells of such events */
  for(session: DoorSession, label: string): ObjectSubscriptions<E> {
    const known = this.#of.get(session);
    if (known !== undefined) return known;
    const bus = this.#busOf(session);
    if (bus === undefined) throw virError("noSupport", label);
    const made = new ObjectSubscriptions(session, bus, this.#wire);
    this.#of.set(session, made);
    return made;
  }
}
