import type { RpcClient } from "@vireo/rpc/client";
import { remote, type RemoteEventName, type RemoteMessage } from "@vireo/rpc/program/remote";
import {
  EVENT_SOURCES,
  type EventCalls,
  type EventNameOf,
  type EventSource,
} from "./event-table.ts";
import { withLibvirtErrors } from "./libvirt-error.ts";

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

/** One event as the daemon is told of it, and who listens here. */
interface Registered {
  readonly listeners: Set<(body: unknown) => void>;
  readonly deregister: () => Promise<void>;
}

/**
 * Events of one connection. The daemon accepts one registration of each event per connection; this
 * shares it among all listeners and withdraws it with the last.
 */
export class EventHub {
  readonly #client: RpcClient;
  readonly #registered = new Map<string, Promise<Registered>>();

  constructor(client: RpcClient) {
    this.#client = client;
  }

  /** Call `listener` for every such event; resolves, once registered, with how to stop. */
  async on<S extends EventSource, N extends EventNameOf<S>>(
    source: S,
    name: N,
    listener: (body: EventBody<S, N>) => void,
  ): Promise<() => Promise<void>> {
    const key = `${source}.${name}`;
    const { id, message } = eventOf(source, name);
    const registered = await this.#register(key, EVENT_SOURCES[source], { id, message });
    // the table ties this message to this body
    const take = (body: unknown): void => {
      listener(body as EventBody<S, N>);
    };
    registered.listeners.add(take);
    return async () => {
      const last = registered.listeners.delete(take) && registered.listeners.size === 0;
      if (!last || this.#client.isClosed) return;
      this.#registered.delete(key);
      await withLibvirtErrors(() => registered.deregister());
    };
  }

  async #register(key: string, calls: EventCalls, event: DeclaredEvent): Promise<Registered> {
    const known = this.#registered.get(key);
    if (known !== undefined) return await known;
    const made = this.#registerAtDaemon(calls, event);
    this.#registered.set(key, made);
    made.catch(() => this.#registered.delete(key));
    return await made;
  }

  async #registerAtDaemon(calls: EventCalls, { id, message }: DeclaredEvent): Promise<Registered> {
    const listeners = new Set<(body: unknown) => void>();
    const unlisten = this.#client.on(remote, message, (body) => {
      const flat = "msg" in body ? body.msg : body;
      for (const listener of listeners) listener(flat);
    });
    try {
      const registration = await withLibvirtErrors(() => calls.register(this.#client, id));
      const deregister = async (): Promise<void> => {
        unlisten();
        await calls.deregister(this.#client, registration);
      };
      return { listeners, deregister };
    } catch (error) {
      unlisten();
      throw error;
    }
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
