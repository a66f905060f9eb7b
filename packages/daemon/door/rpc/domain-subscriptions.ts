/** The domain events that one client asked for. */
import { virError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";
import type { EventBus } from "../../event/event-bus.ts";
import type { DoorSession, Subscriptions } from "./door-session.ts";
import { WIRE_EVENTS, type WireEvent } from "./domain-event-wire.ts";

interface Subscription {
  readonly event: WireEvent;
  /** Only this domain's events; all when absent. */
  readonly uuid: string | undefined;
  /** Absent for clients of the first generation. */
  readonly callbackID: number | undefined;
}

/** Callback ids are unique in the daemon, as libvirtd's are. */
let nextCallback = 0;

const wireEvent = (id: number): WireEvent => {
  const event = WIRE_EVENTS.find((one) => one.id === id);
  if (event === undefined)
    throw virError("internalError", `unsupported event ID ${id}`, { from: 7 });
  return event;
};

export class DomainSubscriptions implements Subscriptions {
  readonly #session: DoorSession;
  readonly #unsubscribe: () => void;
  readonly #list: Subscription[] = [];

  constructor(session: DoorSession, bus: EventBus) {
    this.#session = session;
    this.#unsubscribe = bus.subscribe((event) => this.#deliver(event));
    session.onClose(() => this.close());
  }

  /** @throws VireoError for an unknown event or one that is registered already */
  add(id: number, uuid: string | undefined): number {
    const event = wireEvent(id);
    const known = this.#list.some(
      (one) => one.event === event && one.uuid === uuid && one.callbackID !== undefined,
    );
    if (known)
      throw virError("invalidArg", undefined, {
        message: "event callback already tracked",
        from: 7,
      });
    const callbackID = nextCallback++;
    this.#list.push({ event, uuid, callbackID });
    return callbackID;
  }

  addOld(id: number): void {
    this.#list.push({ event: wireEvent(id), uuid: undefined, callbackID: undefined });
  }

  remove(callbackID: number): void {
    this.#drop((one) => one.callbackID === callbackID, `domain event callback ${callbackID}`);
  }

  removeOld(id: number): void {
    this.#drop((one) => one.callbackID === undefined && one.event.id === id, `domain event ${id}`);
  }

  #drop(match: (one: Subscription) => boolean, what: string): void {
    const at = this.#list.findIndex(match);
    if (at < 0) throw virError("internalError", `${what} not registered`, { from: 7 });
    this.#list.splice(at, 1);
  }

  #deliver(happened: DomainEvent): void {
    for (const { event, uuid, callbackID } of this.#list) {
      if (event.kind !== happened.kind || (uuid !== undefined && uuid !== happened.domain.uuid))
        continue;
      if (callbackID === undefined) event.sendOld?.(this.#session, happened);
      else event.send(this.#session, callbackID, happened);
    }
  }

  close(): void {
    this.#unsubscribe();
    this.#list.length = 0;
  }
}
