import type { Duplex } from "node:stream";
import {
  encodePacket,
  type Packet,
  type PacketHeader,
  PacketStatus,
  PacketType,
  rawPacket,
} from "./packet.ts";
import type { CallGate } from "./call-gate.ts";
import { PacketSocket } from "./packet-socket.ts";
import type { BoundProcedure, ProcedureTable } from "./procedure-table.ts";
import { type EventName, eventOf, type MessageOf, type Program } from "./program/procedure.ts";
import { remoteError } from "./program/remote/type.ts";
import { protocolErrorBody, RpcProtocolError } from "./rpc-error.ts";
import type {
  Peer,
  RemoteErrorBody,
  RpcLimits,
  RpcServiceOptions,
  ServerCall,
  ServerSession,
  ServerStream,
  SocketKind,
} from "./server-contract.ts";
import { RpcServerStream } from "./server-stream.ts";
import { XdrError } from "./xdr/xdr-error.ts";
import { decode, type XdrType } from "./xdr/xdr-type.ts";

/** Serial of every event; libvirtd's is 1, whatever its protocol file says. */
const EVENT_SERIAL = 1;

/** Who the session is for. */
export interface SessionIdentity<S> {
  readonly id: number;
  readonly peer: Peer;
  readonly kind: SocketKind;
  readonly state: S;
}

/** What all sessions of a service share. */
export interface SessionContext<S> {
  readonly table: ProcedureTable<S>;
  readonly options: RpcServiceOptions<S>;
  readonly limits: RpcLimits;
  readonly calls: CallGate;
}

type Serve = (stream: ServerStream) => Promise<void>;

/** One connected client: takes its calls, runs their handlers, sends replies, events and streams. */
export class RpcSession<S> implements ServerSession<S> {
  readonly #identity: SessionIdentity<S>;
  readonly #context: SessionContext<S>;
  readonly #socket: PacketSocket;
  readonly #streams = new Map<number, RpcServerStream>();
  readonly #closeListeners: ((reason: string) => void)[] = [];
  readonly since = new Date();
  #inFlight = 0;
  /** The call that came when all places were taken; nothing is read until it has one. */
  #waiting: Packet | undefined;
  #eventBytes = 0;
  #closing = false;
  #closeReason: string | undefined;

  constructor(socket: Duplex, identity: SessionIdentity<S>, context: SessionContext<S>) {
    this.#identity = identity;
    this.#context = context;
    this.#socket = new PacketSocket(socket, {
      packet: (packet) => {
        this.#receive(packet);
      },
      closed: (reason) => {
        this.#closed(reason);
      },
    });
  }

  get id(): number {
    return this.#identity.id;
  }

  get peer(): Peer {
    return this.#identity.peer;
  }

  get kind(): SocketKind {
    return this.#identity.kind;
  }

  get state(): S {
    return this.#identity.state;
  }

  sendEvent<P extends Program, N extends EventName<P>>(
    program: P,
    name: N,
    body: MessageOf<P, N>,
  ): void {
    const event = eventOf(program, name);
    const { number, version } = program;
    const numbers = { program: number, version, procedure: event.number, serial: EVENT_SERIAL };
    const header = { ...numbers, type: PacketType.message, status: PacketStatus.ok };
    this.#queueEvent(encodePacket(header, event.message, body));
  }

  startKeepalive(): void {
    const { keepaliveIntervalMs, keepaliveCount } = this.#context.limits;
    this.#socket.startKeepalive({ intervalMs: keepaliveIntervalMs, count: keepaliveCount });
  }

  closeAfterReplies(): void {
    this.#closing = true;
    this.#waiting = undefined;
    if (this.#inFlight === 0) this.#socket.end("The client closed its connection");
  }

  close(reason: string): void {
    this.#socket.close(reason);
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#closeReason === undefined) this.#closeListeners.push(listener);
    else listener(this.#closeReason);
  }

  #receive(packet: Packet): void {
    switch (packet.type) {
      case PacketType.call:
      case PacketType.callWithFds:
        this.#admit(packet);
        return;
      case PacketType.stream:
      case PacketType.streamHole:
        this.#streams.get(packet.serial)?.receive(packet);
        return;
      default: // libvirtd drops replies, messages and unknown types
    }
  }

  #admit(packet: Packet): void {
    if (this.#closing) return;
    if (this.#inFlight < this.#context.limits.maxInFlight) {
      void this.#serve(packet);
      return;
    }
    this.#waiting = packet;
    this.#socket.hold(this);
  }

  async #serve(packet: Packet): Promise<void> {
    this.#inFlight += 1;
    // a reply that cannot be sent shows as the end of the connection
    await this.#answer(packet).catch(() => undefined);
    this.#inFlight -= 1;
    if (this.#closing && this.#inFlight === 0) this.#socket.end("The client closed its connection");
    const next = this.#waiting;
    if (next === undefined) return;
    this.#waiting = undefined;
    void this.#serve(next);
    this.#socket.release(this);
  }

  /** Run the handler and send its reply; resolves when the reply has left. */
  async #answer(packet: Packet): Promise<void> {
    const opened: { serve?: Serve } = {};
    let reply: Buffer;
    try {
      reply = await this.#reply(packet, opened);
    } catch (error) {
      await this.#socket.send(this.#errorPacket(answerTo(packet, PacketType.reply), error));
      return;
    }
    // the stream must be known before the client can answer the reply
    const stream = opened.serve === undefined ? undefined : this.#addStream(packet);
    const sent = this.#socket.send(reply);
    if (opened.serve !== undefined) void stream?.run(opened.serve);
    await sent;
  }

  async #reply(packet: Packet, opened: { serve?: Serve }): Promise<Buffer> {
    const bound = this.#context.table.find(packet);
    const args = this.#checkedArgs(packet, bound);
    const { calls } = this.#context;
    const turn = calls.enter(bound.info.priority === "high");
    if (turn !== undefined) await turn;
    try {
      const ret = await bound.handler?.(args, this.#callOf(packet, bound, opened));
      return encodePacket(answerTo(packet, PacketType.reply), bound.info.ret, ret);
    } finally {
      calls.leave();
    }
  }

  /** Everything that may refuse a call before its handler runs; the payload is decoded late. */
  #checkedArgs(packet: Packet, { info, handler }: BoundProcedure<S>): unknown {
    const { options } = this.#context;
    if (packet.status !== PacketStatus.ok) {
      throw new RpcProtocolError(`Unexpected message status ${packet.status}`);
    }
    options.authorize(this, info);
    const args = decodeArgs(info.args, packet.body);
    if (typeof info.readOnly === "object" && typeof args === "object" && args !== null) {
      options.authorizeArgs?.(this, info, args);
    }
    if (handler === undefined) throw options.unsupported(info);
    return args;
  }

  #callOf(packet: Packet, { info }: BoundProcedure<S>, opened: { serve?: Serve }): ServerCall<S> {
    return {
      session: this,
      procedure: info,
      serial: packet.serial,
      fds: [],
      openStream: (serve) => {
        if (opened.serve !== undefined) throw new TypeError("The call already has a stream");
        opened.serve = serve;
      },
    };
  }

  #addStream(packet: Packet): RpcServerStream {
    const { serial } = packet;
    const header = answerTo(packet, PacketType.stream);
    const wire = {
      // oxlint-disable-next-line max-params -- the four parts of a packet
      send: (type: number, status: number, body?: Uint8Array, room?: Buffer): Promise<void> =>
        this.#socket.send(rawPacket({ ...header, type, status }, body, room)),
      fail: (error: unknown): void => {
        this.#socket.send(this.#errorPacket(header, error)).catch(() => undefined);
      },
      over: (): void => {
        if (this.#streams.get(serial) === stream) this.#streams.delete(serial);
      },
    };
    const stream = new RpcServerStream(wire, this.#context.limits.streamQueueBytes, {
      full: () => {
        this.#socket.hold(stream);
      },
      drained: () => {
        this.#socket.release(stream);
      },
    });
    this.#streams.get(serial)?.disconnected();
    if (this.#socket.isClosed) stream.disconnected();
    else this.#streams.set(serial, stream);
    return stream;
  }

  #queueEvent(packet: Buffer): void {
    if (this.#socket.isClosed) return;
    this.#eventBytes += packet.length;
    if (this.#eventBytes > this.#context.limits.eventQueueBytes) {
      this.close("The client does not read its events");
      return;
    }
    const settled = (): void => {
      this.#eventBytes -= packet.length;
    };
    this.#socket.send(packet).then(settled, settled);
  }

  #errorPacket(answer: PacketHeader, error: unknown): Buffer {
    const header = { ...answer, status: PacketStatus.error };
    try {
      return encodePacket(header, remoteError, this.#errorBody(error));
    } catch {
      return encodePacket(header, remoteError, protocolErrorBody(UNENCODABLE));
    }
  }

  #errorBody(error: unknown): RemoteErrorBody {
    if (error instanceof RpcProtocolError) return protocolErrorBody(error);
    if (error instanceof XdrError) return protocolErrorBody(UNENCODABLE);
    return this.#context.options.toRemoteError(error);
  }

  #closed(reason: string): void {
    this.#closeReason = reason;
    for (const stream of this.#streams.values()) stream.disconnected();
    this.#streams.clear();
    for (const listener of this.#closeListeners.splice(0)) listener(reason);
  }
}

const UNENCODABLE = new RpcProtocolError("Unable to encode message payload");

/** Header of what answers a call; the call's own body is let go. */
const answerTo = (
  { program, version, procedure, serial }: PacketHeader,
  type: number,
): PacketHeader => ({ program, version, procedure, type, serial, status: PacketStatus.ok });

function decodeArgs(type: XdrType<unknown>, body: Buffer): unknown {
  try {
    return decode(type, body);
  } catch (error) {
    throw new RpcProtocolError("Unable to decode message payload", { cause: error });
  }
}
