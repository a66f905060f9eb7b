import { type Packet, PacketStatus, PacketType, STREAM_PAYLOAD_BYTES } from "./packet.ts";
import { PacketRoom } from "./packet-room.ts";
import type { ServerStream } from "./server-contract.ts";
import { type StreamChunk, StreamClosedError, streamHole } from "./stream.ts";
import { type QueueFlow, StreamQueue } from "./stream-queue.ts";
import { decode, encode } from "./xdr/xdr-type.ts";

const HOLE_BYTES = 12;

/** How a stream reaches its client. */
export interface StreamWire {
  /** Send one packet of this stream, made in `room` when that is given. */
  send(type: number, status: number, body?: Uint8Array, room?: Buffer): Promise<void>;
  /** Send an error, which ends the stream. */
  fail(error: unknown): void;
  /** The stream is over: packets of its serial are dropped from now on. */
  over(): void;
}

/**
 * The daemon's end of a stream.
 *
 *     open --client OK--> finished --serve returned--> OK sent, over
 *     open --serve returned--> end-of-file sent --client OK--> OK sent, over
 *     any  --client ERROR--> OK sent, over        any --serve threw--> ERROR sent, over
 */
export class RpcServerStream implements ServerStream {
  readonly #wire: StreamWire;
  readonly #queue: StreamQueue;
  readonly #rooms = new PacketRoom();
  readonly #controller = new AbortController();
  #client: "open" | "finished" | "gone" = "open";
  #served = false;

  constructor(wire: StreamWire, queueBytes: number, flow: QueueFlow) {
    this.#wire = wire;
    this.#queue = new StreamQueue({ limit: queueBytes, flow, recycle: true });
  }

  get incoming(): AsyncIterable<StreamChunk> {
    return this.#queue;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; at += STREAM_PAYLOAD_BYTES) {
      await this.#sendData(data.subarray(at, at + STREAM_PAYLOAD_BYTES));
    }
  }

  async writeHole(bytes: bigint): Promise<void> {
    const body = encode(streamHole, { length: bytes, flags: 0 }, { limit: HOLE_BYTES });
    await this.#send(PacketType.streamHole, body);
  }

  /** Serve the stream from its first packet to its end. Never throws. */
  async run(serve: (stream: ServerStream) => Promise<void>): Promise<void> {
    try {
      await serve(this);
      await this.#reachedEnd();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Take a packet of the client. */
  receive(packet: Packet): void {
    if (packet.type === PacketType.streamHole) this.#receiveHole(packet);
    else if (packet.status === PacketStatus.ok) this.#clientFinished();
    else if (packet.status === PacketStatus.error) this.#clientAborted();
    else if (packet.body.length > 0) this.#queue.push(packet.body);
  }

  /** The connection has ended. */
  disconnected(): void {
    this.#gone("The client has disconnected");
  }

  #receiveHole(packet: Packet): void {
    try {
      this.#queue.push({ hole: decode(streamHole, packet.body).length });
    } catch (error) {
      this.#gone("The client sent a malformed hole");
      this.#wire.fail(error);
      this.#wire.over();
    }
  }

  #clientFinished(): void {
    if (this.#client !== "open") return;
    this.#client = "finished";
    this.#queue.finish();
    this.#controller.abort();
    if (this.#served) this.#confirm();
  }

  #clientAborted(): void {
    if (this.#client === "gone") return;
    this.#gone("The client has aborted the stream");
    this.#confirm();
  }

  #gone(why: string): void {
    this.#client = "gone";
    this.#queue.fail(new StreamClosedError(why));
    this.#controller.abort();
  }

  async #reachedEnd(): Promise<void> {
    this.#served = true;
    // nobody reads any more; what still comes is thrown away
    this.#queue.fail(new StreamClosedError("The stream has been served"));
    if (this.#client === "finished") this.#confirm();
    else if (this.#client === "open")
      await this.#wire.send(PacketType.stream, PacketStatus.continue);
  }

  #failed(error: unknown): void {
    if (this.#client === "gone") return;
    if (this.#client === "finished" && error instanceof StreamClosedError) {
      this.#confirm();
      return;
    }
    this.#gone("The stream has failed");
    this.#wire.fail(error);
    this.#wire.over();
  }

  #confirm(): void {
    this.#wire.send(PacketType.stream, PacketStatus.ok).catch(() => undefined);
    this.#wire.over();
  }

  /** Resolves when the bytes are copied; that they cannot be sent shows at the next attempt. */
  async #sendData(body: Uint8Array): Promise<void> {
    const room = await this.#rooms.take();
    const given = (): void => this.#rooms.give(room);
    if (this.#client !== "open" || this.#served) {
      given();
      throw closed();
    }
    this.#wire.send(PacketType.stream, PacketStatus.continue, body, room).then(given, (error) => {
      given();
      if (this.#client === "open") this.#gone(`The client is gone: ${String(error)}`);
    });
  }

  async #send(type: number, body: Uint8Array): Promise<void> {
    if (this.#client !== "open" || this.#served) throw closed();
    try {
      await this.#wire.send(type, PacketStatus.continue, body);
    } catch (error) {
      throw new StreamClosedError("Cannot write to the stream: the client is gone", {
        cause: error,
      });
    }
  }
}

const closed = (): StreamClosedError =>
  new StreamClosedError("Cannot write to the stream: it is closed");
