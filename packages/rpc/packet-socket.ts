import type { Duplex } from "node:stream";
import { isKeepalive, Keepalive, type KeepalivePolicy, keepaliveAnswer } from "./keepalive.ts";
import type { Packet } from "./packet.ts";
import { PacketReader } from "./packet-reader.ts";

/** How long a peer may take to read what is left when we hang up. */
const LINGER_MS = 5000;
/** No pings and pongs are added to more unsent packets than this: the peer only writes. */
const UNSENT_MAX = 64;

/** Read ahead while held, so that a peer that hangs up is noticed even then. */
const READ_AHEAD_BYTES = 256 * 1024;

/**
 * A socket that reads into memory of its own and lends each piece until the listener returns. Where
 * gigabytes come in, fresh memory for every piece costs more than all the rest.
 */
export interface LendingSocket extends Duplex {
  lendTo(listener: (piece: Buffer) => void): void;
}

const isLending = (socket: Duplex): socket is LendingSocket => "lendTo" in socket;

/** Who handles what comes in. */
export interface PacketListener {
  /** A packet of any program but keepalive. */
  packet(packet: Packet): void;
  /** The connection is over; called once. */
  closed(reason: string): void;
}

/**
 * Packets over any byte stream (unix socket, TCP, TLS, the stdio of ssh). Reading can be held: then
 * packets wait, and little more is taken from the peer; the protocol has no other flow control.
 */
export class PacketSocket {
  readonly #socket: Duplex;
  readonly #listener: PacketListener;
  readonly #reader = new PacketReader();
  readonly #holds = new Set<object>();
  #keepalive: Keepalive | undefined;
  #closed = false;
  /** Rejects what has not left when the connection is torn down. */
  readonly #unsent = new Set<(error: Error) => void>();

  constructor(socket: Duplex, listener: PacketListener) {
    this.#socket = socket;
    this.#listener = listener;
    if (isLending(socket)) socket.lendTo((piece) => this.#receive(piece, true));
    else socket.on("data", (piece: Buffer) => this.#receive(piece, false));
    socket.on("error", (error) => {
      this.close(error.message);
    });
    socket.on("end", () => {
      this.close("The peer hung up");
    });
    socket.on("close", () => {
      this.close("The connection was closed");
    });
  }

  /** Whether the connection is over. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Send a whole packet; resolves when it has left, rejects when the connection ends before. */
  send(packet: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#socket.destroyed) return Promise.reject(new Error("The connection is closed"));
    this.#unsent.add(reject);
    this.#socket.write(packet, (error) => {
      this.#unsent.delete(reject);
      if (error) reject(error);
      else resolve();
    });
    return promise;
  }

  /** Stop reading for a reason; several may hold at once. */
  hold(reason: object): void {
    this.#holds.add(reason);
  }

  /** Withdraw a reason; reading goes on when it was the last. */
  release(reason: object): void {
    if (!this.#holds.delete(reason) || this.#holds.size > 0 || this.#closed) return;
    this.#drain();
    if (this.#holds.size === 0) this.#socket.resume();
  }

  /** Ping the peer when it is silent, and hang up when it does not answer. */
  startKeepalive(policy: KeepalivePolicy): void {
    if (this.#keepalive !== undefined || this.#closed) return;
    this.#keepalive = new Keepalive(policy, {
      send: (packet) => {
        this.#post(packet);
      },
      isReading: () => !this.#socket.isPaused(),
      dead: () => {
        this.close("The peer does not answer keepalive pings");
      },
    });
  }

  /** Hang up once everything written has left. */
  end(reason: string): void {
    this.#finish(reason);
    const destroy = (): void => {
      this.close(reason);
    };
    const linger = setTimeout(destroy, LINGER_MS).unref();
    this.#socket.once("close", () => {
      clearTimeout(linger);
    });
    this.#socket.end(destroy);
  }

  /** Hang up now. */
  close(reason: string): void {
    this.#finish(reason);
    this.#socket.destroy();
    for (const reject of this.#unsent) reject(new Error(reason));
    this.#unsent.clear();
  }

  #finish(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keepalive?.stop();
    this.#listener.closed(reason);
  }

  #receive(piece: Buffer, lent: boolean): void {
    if (this.#closed) return;
    this.#keepalive?.heard();
    this.#reader.push(piece, lent);
    this.#drain();
    this.#reader.keep();
    if (this.#holds.size > 0 && this.#reader.bytes > READ_AHEAD_BYTES) this.#socket.pause();
  }

  #drain(): void {
    try {
      while (!this.#closed && this.#holds.size === 0) {
        const packet = this.#reader.next();
        if (packet === undefined) return;
        this.#dispatch(packet);
      }
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
    }
  }

  #dispatch(packet: Packet): void {
    if (!isKeepalive(packet)) {
      this.#listener.packet(packet);
      return;
    }
    const answer = keepaliveAnswer(packet);
    if (answer !== undefined) this.#post(answer);
  }

  /** Send without waiting; a failure shows as the end of the connection. */
  #post(packet: Buffer): void {
    if (this.#unsent.size < UNSENT_MAX) this.send(packet).catch(() => undefined);
  }
}
