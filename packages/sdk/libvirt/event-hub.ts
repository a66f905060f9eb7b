import type { RpcClient } from "@vireo/rpc/client";
import { remote, type RemoteEventName, type RemoteMessage } from "@vireo/rpc/program/remote";
import {
  EVENT_SOURCES,
  type EventCalls,
  type EventNameOf,
  type EventSource,
} from "./event-table.ts";
import { LibvirtError, withLibvirtErrors } from "./libvirt-error.ts";

/** The message that an event arrives as. */
type MessageName<
  S extends EventSource,
  N extends EventNameOf<S>,
> = (typeof EVENT_SOURCES)[S]["events"][N] extends {
  readonly message: infer M extends RemoteEventName;
}
  ? M
  : never;

/** Body of an event, without the callback ids and nesting of the wire. */
export type EventBody<S extends EventSource, N extends EventNameOf<S>> =
  RemoteMessage<MessageName<S, N>> extends { readonly msg: infer B }
    ? B
    : Omit<RemoteMessage<MessageName<S, N>>, "callbackID">;

/** Who listens to events. */
export interface EventListener<B> {
  readonly event: (body: B) => void;
  /** Some may have been missed: the line was lost and is there again. Events go on from here. */
  readonly gap: () => void;
  /** No more come: the daemon that is there now does not have them. */
  readonly failed: (error: Error) => void;
}

/** One event as the daemon is told of it, and who listens here. */
interface Registered {
  readonly listeners: Set<EventListener<unknown>>;
  readonly calls: EventCalls;
  readonly event: DeclaredEvent;
  /** Withdraws it from the daemon that knows of it now. */
  deregister: () => Promise<void>;
}

/**
 * Events of one connection. The daemon accepts one registration of each event per connection; this
 * shares it among all listeners, withdraws it with the last, and makes it again on a new line.
 */
export class EventHub {
  readonly #clientOf: () => Promise<RpcClient>;
  readonly #registered = new Map<string, Promise<Registered>>();

  /** `clientOf` waits for a line, within a deadline of its own. */
  constructor(clientOf: () => Promise<RpcClient>) {
    this.#clientOf = clientOf;
  }

  /** Tell `listener` of every such event; resolves, once registered, with how to stop. */
  async on<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
    listener: EventListener<EventBody<S, N>>,
  ): Promise<() => Promise<void>> {
    const key = `${source}.${name}`;
    const registered = await this.#register(key, EVENT_SOURCES[source], eventOf(source, name));
    // the table ties this message to this body
    const any = listener as EventListener<unknown>;
    registered.listeners.add(any);
    return async () => {
      const last = registered.listeners.delete(any) && registered.listeners.size === 0;
      if (!last) return;
      this.#registered.delete(key);
      await registered.deregister();
    };
  }

  /** Registers everything again, and tells everybody of the gap. @throws what the line throws */
  async renew(client: RpcClient): Promise<void> {
    for (const [key, promise] of this.#registered) {
      const registered = await promise.catch(() => undefined);
      if (registered === undefined) continue;
      try {
        registered.deregister = await registerAt(client, registered);
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        this.#registered.delete(key);
        for (const { failed } of registered.listeners) failed(error);
      }
      for (const { gap } of registered.listeners) gap();
    }
  }

  async #register(key: string, calls: EventCalls, event: DeclaredEvent): Promise<Registered> {
    const known = this.#registered.get(key);
    if (known !== undefined) return await known;
    const made = this.#registerFirst({ listeners: new Set(), calls, event });
    this.#registered.set(key, made);
    made.catch(() => this.#registered.delete(key));
    return await made;
  }

  async #registerFirst(wish: Omit<Registered, "deregister">): Promise<Registered> {
    return { ...wish, deregister: await registerAt(await this.#clientOf(), wish) };
  }
}

/** @returns how to withdraw it; a line that is gone has forgotten it */
async function registerAt(
  client: RpcClient,
  { listeners, calls, event: { id, message } }: Omit<Registered, "deregister">,
): Promise<() => Promise<void>> {
  const unlisten = client.on(remote, message, (body) => {
    const flat = "msg" in body ? body.msg : body;
    for (const listener of listeners) listener.event(flat);
  });
  try {
    const registration = await withLibvirtErrors(() => calls.register(client, id));
    return async () => {
      unlisten();
      if (!client.isClosed) await withLibvirtErrors(() => calls.deregister(client, registration));
    };
  } catch (error) {
    unlisten();
    throw error;
  }
}

interface DeclaredEvent {
  readonly id: number;
  readonly message: RemoteEventName;
}

function eventOf(source: EventSource, name: string): DeclaredEvent {
  const events: Readonly<Record<string, DeclaredEvent>> = EVENT_SOURCES[source].events;
  const event = events[name];
  if (event === undefined) throw new TypeError(`'${name}' is no event of a ${source}`);
  return event;
}
