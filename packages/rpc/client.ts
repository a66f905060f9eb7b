/**
 * The client's half of the protocol, over any connected byte stream. Calls run side by side and are
 * told apart by serial; each has a deadline. When the connection ends, everyone who waits is told.
 */
import type { Duplex } from "node:stream";
import { DeadlineError, DisconnectedError, RemoteCallError } from "./client-error.ts";
import { ClientStream } from "./client-stream.ts";
import type { KeepalivePolicy } from "./keepalive.ts";
import {
  encodePacket,
  type Packet,
  type PacketHeader,
  PacketStatus,
  PacketType,
  rawPacket,
} from "./packet.ts";
import { PacketSocket } from "./packet-socket.ts";
import {
  type ArgsOf,
  type CallName,
  callOf,
  type CallProcedure,
  type EventName,
  eventOf,
  type MessageOf,
  type Program,
  type RetOf,
} from "./program/procedure.ts";
import { remoteError } from "./program/remote/type.ts";
import { decode } from "./xdr/xdr-type.ts";

/** Default deadline of a call. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Bytes received on one stream and not read yet. */
const STREAM_QUEUE_BYTES = 1024 * 1024;
const MAX_SERIAL = 0xffff_ffff;

/** How long a caller is willing to wait. */
export interface CallOptions {
  /** In milliseconds; Infinity for none. Default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The result of a call and the stream it opened. */
export interface StreamReply<R> {
  readonly ret: R;
  readonly stream: ClientStream;
}

/** A call that waits for its reply. */
interface Waiter {
  readonly name: string;
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: Error) => void;
}

/** A call about to be sent. */
interface Request<A, R> {
  readonly name: string;
  readonly header: PacketHeader;
  readonly procedure: CallProcedure<A, R>;
}

/** Takes the body of an event. */
type Listener = (body: Buffer) => void;

/** One connection to a daemon. */
export class RpcClient {
  readonly #socket: PacketSocket;
  readonly #waiters = new Map<number, Waiter>();
  readonly #streams = new Map<number, ClientStream>();
  readonly #events = new Map<string, Set<Listener>>();
  readonly #closed = Promise.withResolvers<string>();
  #closeReason: string | undefined;
  #nextSerial = 0;

  constructor(socket: Duplex) {
    this.#socket = new PacketSocket(socket, {
      packet: (packet) => {
        this.#receive(packet);
      },
      closed: (reason) => {
        this.#disconnected(reason);
      },
    });
  }

  /** Resolves with the reason when the connection has ended. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  /** Whether the connection has ended. */
  get isClosed(): boolean {
    return this.#socket.isClosed;
  }

  /** Call a procedure. Throws RemoteCallError, DeadlineError, DisconnectedError, the signal's reason. */
  // oxlint-disable-next-line max-params -- a procedure's program and name are one thing in two words
  async call<P extends Program, N extends CallName<P>>(
    program: P,
    name: N,
    args: ArgsOf<P, N>,
    options: CallOptions = {},
  ): Promise<RetOf<P, N>> {
    const request = this.#request(program, name);
    return await this.#exchange(request, args, options);
  }

  /** Call a procedure whose reply is followed by a stream. */
  // oxlint-disable-next-line max-params -- as for call
  async callStream<P extends Program, N extends CallName<P>>(
    program: P,
    name: N,
    args: ArgsOf<P, N>,
    options: CallOptions = {},
  ): Promise<StreamReply<RetOf<P, N>>> {
    const request = this.#request(program, name);
    this.#refuseEarly(name, options);
    const stream = this.#openStream(request);
    try {
      return { ret: await this.#exchange(request, args, options), stream };
    } catch (error) {
      // when the reply may still come, it decides what becomes of the stream
      const gaveUp = error instanceof DeadlineError || options.signal?.aborted === true;
      if (!gaveUp && error instanceof Error) stream.fail(error);
      throw error;
    }
  }

  /** Listen to an event; returns how to stop. The daemon sends only what was registered for. */
  on<P extends Program, N extends EventName<P>>(
    program: P,
    name: N,
    listener: (body: MessageOf<P, N>) => void,
  ): () => void {
    const { number, message } = eventOf(program, name);
    const key = eventKey(program.number, number);
    const listeners = this.#events.get(key) ?? new Set<Listener>();
    const take: Listener = (body) => {
      const event = decode(message, body);
      // what a listener throws is no fault of the connection
      queueMicrotask(() => {
        listener(event);
      });
    };
    this.#events.set(key, listeners.add(take));
    return () => {
      listeners.delete(take);
    };
  }

  /** Ping the daemon when it is silent, and hang up when it does not answer. */
  startKeepalive(policy: KeepalivePolicy): void {
    this.#socket.startKeepalive(policy);
  }

  /** Hang up. */
  close(reason = "The connection was closed by us"): void {
    this.#socket.close(reason);
  }

  #request<P extends Program, N extends CallName<P>>(
    program: P,
    name: N,
  ): Request<ArgsOf<P, N>, RetOf<P, N>> {
    const procedure = callOf(program, name);
    const serial = this.#nextSerial;
    this.#nextSerial = serial === MAX_SERIAL ? 0 : serial + 1;
    const numbers = { program: program.number, version: program.version, serial };
    const kind = { type: PacketType.call, status: PacketStatus.ok };
    return { name, procedure, header: { ...numbers, procedure: procedure.number, ...kind } };
  }

  /** Send the call and wait for its reply, the deadline, the signal or the end, whichever is first. */
  async #exchange<A, R>(request: Request<A, R>, args: A, options: CallOptions): Promise<R> {
    const { header, name, procedure } = request;
    this.#refuseEarly(name, options);
    const packet = encodePacket(header, procedure.args, args);
    const { promise, resolve, reject } = Promise.withResolvers<Packet>();
    this.#waiters.set(header.serial, { name, resolve, reject });
    const forget = expire(name, options, reject);
    try {
      // when it cannot be sent, the end of the connection rejects the waiter
      this.#socket.send(packet).catch(() => undefined);
      return decode(procedure.ret, (await promise).body);
    } finally {
      forget();
      this.#waiters.delete(header.serial);
    }
  }

  #receive(packet: Packet): void {
    switch (packet.type) {
      case PacketType.reply:
      case PacketType.replyWithFds:
        this.#takeReply(packet);
        return;
      case PacketType.stream:
      case PacketType.streamHole:
        this.#streams.get(packet.serial)?.receive(packet);
        return;
      case PacketType.message:
        this.#takeEvent(packet);
        return;
      default: // a daemon sends nothing else
    }
  }

  #takeReply(packet: Packet): void {
    const waiter = this.#waiters.get(packet.serial);
    if (waiter === undefined) {
      this.#takeLateReply(packet);
    } else if (packet.status === PacketStatus.ok) {
      waiter.resolve(packet);
    } else {
      waiter.reject(new RemoteCallError(waiter.name, decode(remoteError, packet.body)));
    }
  }

  /** The caller has given up. If a stream was opened for it, the daemon must be told. */
  #takeLateReply(packet: Packet): void {
    const stream = this.#streams.get(packet.serial);
    if (packet.status === PacketStatus.ok) stream?.abort().catch(() => undefined);
    else stream?.fail(new DisconnectedError("The call that opens the stream has failed"));
  }

  #takeEvent({ program, procedure, body }: Packet): void {
    const listeners = this.#events.get(eventKey(program, procedure));
    for (const listener of listeners ?? []) listener(body);
  }

  #openStream({ name, header }: Pick<Request<unknown, unknown>, "name" | "header">): ClientStream {
    const wire = {
      procedure: name,
      send: (type: number, status: number, body?: Uint8Array): Promise<void> =>
        this.#socket.send(rawPacket({ ...header, type, status }, body)),
      over: (): void => {
        this.#streams.delete(header.serial);
      },
    };
    const stream = new ClientStream(wire, STREAM_QUEUE_BYTES, {
      full: () => {
        this.#socket.hold(stream);
      },
      drained: () => {
        this.#socket.release(stream);
      },
    });
    this.#streams.set(header.serial, stream);
    return stream;
  }

  #disconnected(reason: string): void {
    this.#closeReason = reason;
    for (const { name, reject } of this.#waiters.values()) {
      reject(new DisconnectedError(`Connection lost while waiting for ${name}: ${reason}`));
    }
    for (const stream of this.#streams.values()) {
      stream.fail(new DisconnectedError(`Connection lost during a stream: ${reason}`));
    }
    this.#closed.resolve(reason);
  }

  /** Nothing is sent on a dead connection or for a caller that has already given up. */
  #refuseEarly(name: string, options: CallOptions): void {
    if (this.#closeReason !== undefined) {
      throw new DisconnectedError(`Cannot call ${name}: ${this.#closeReason}`);
    }
    options.signal?.throwIfAborted();
  }
}

const eventKey = (program: number, procedure: number): string => `${program}/${procedure}`;

/** Reject at the deadline or when the signal aborts; returns how to call that off. */
function expire(name: string, options: CallOptions, reject: (error: Error) => void): () => void {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  const aborted = (): void => {
    const reason: unknown = signal?.reason;
    reject(reason instanceof Error ? reason : new Error(`${name} was aborted`, { cause: reason }));
  };
  const late = (): void => {
    reject(new DeadlineError(`${name} was not answered within ${timeoutMs} ms`));
  };
  const timer = Number.isFinite(timeoutMs) ? setTimeout(late, timeoutMs) : undefined;
  signal?.addEventListener("abort", aborted, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  };
}
