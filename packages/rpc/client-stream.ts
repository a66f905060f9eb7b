import { RemoteCallError } from "./client-error.ts";
import { type Packet, PacketStatus, PacketType, STREAM_PAYLOAD_BYTES } from "./packet.ts";
import { remoteError } from "./program/remote/type.ts";
import { type StreamChunk, StreamClosedError, streamHole } from "./stream.ts";
import { type QueueFlow, StreamQueue } from "./stream-queue.ts";
import { decode, encode } from "./xdr/xdr-type.ts";

const HOLE_BYTES = 12;

/** How a stream reaches its daemon. */
export interface ClientStreamWire {
  /** For messages: the procedure that opened the stream. */
  readonly procedure: string;
  /** Send one packet of this stream. */
  send(type: number, status: number, body?: Uint8Array): Promise<void>;
  /** The stream is over: packets of its serial are dropped from now on. */
  over(): void;
}

/**
 * The client's end of a stream. Read `incoming` to its end, or write; then `finish()`, which reports
 * what went wrong in the daemon. A stream that is not read stops the whole connection once its queue
 * is full: the protocol has no other flow control.
 */
export class ClientStream {
  readonly #wire: ClientStreamWire;
  readonly #queue: StreamQueue;
  readonly #confirmed = Promise.withResolvers<void>();
  #state: "open" | "closing" | "over" = "open";
  #failure: Error | undefined;

  constructor(wire: ClientStreamWire, queueBytes: number, flow: QueueFlow) {
    this.#wire = wire;
    this.#queue = new StreamQueue({ limit: queueBytes, flow });
    // a failure is also reported by `incoming` and `write`
    this.#confirmed.promise.catch(() => undefined);
  }

  /** What the daemon sends, up to its end-of-file; throws when the stream fails. One reader. */
  get incoming(): AsyncIterable<StreamChunk> {
    return this.#queue;
  }

  /** Send bytes; resolves when they have left. Throws what ended the stream. */
  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; at += STREAM_PAYLOAD_BYTES) {
      await this.#send(PacketType.stream, data.subarray(at, at + STREAM_PAYLOAD_BYTES));
    }
  }

  /** Send a hole of so many bytes. */
  async writeHole(bytes: bigint): Promise<void> {
    const body = encode(streamHole, { length: bytes, flags: 0 }, { limit: HOLE_BYTES });
    await this.#send(PacketType.streamHole, body);
  }

  /** Say that all is done; resolves when the daemon confirms, throws what went wrong there. */
  async finish(): Promise<void> {
    await this.#end(PacketStatus.ok);
  }

  /** Give up; resolves when the daemon confirms. */
  async abort(): Promise<void> {
    this.#queue.fail(new StreamClosedError("The stream was aborted"));
    await this.#end(PacketStatus.error);
  }

  /** Take a packet of the daemon. */
  receive(packet: Packet): void {
    if (packet.type === PacketType.streamHole) {
      this.#queue.push({ hole: decode(streamHole, packet.body).length });
    } else if (packet.status === PacketStatus.error) {
      this.fail(new RemoteCallError(this.#wire.procedure, decode(remoteError, packet.body)));
    } else if (packet.status === PacketStatus.ok) {
      this.#confirm();
    } else if (packet.body.length > 0) {
      this.#queue.push(packet.body);
    } else {
      this.#queue.finish();
    }
  }

  /** The stream is dead. */
  fail(error: Error): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#failure = error;
    this.#queue.fail(error);
    this.#confirmed.reject(error);
    this.#wire.over();
  }

  #confirm(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#queue.finish();
    this.#confirmed.resolve();
    this.#wire.over();
  }

  async #end(status: number): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closing";
      await this.#wire.send(PacketType.stream, status);
    }
    await this.#confirmed.promise;
  }

  async #send(type: number, body: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state !== "open") {
      throw new StreamClosedError("Cannot write to the stream: it is closed");
    }
    await this.#wire.send(type, PacketStatus.continue, body);
  }
}
