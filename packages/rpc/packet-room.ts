import { HEADER_BYTES, STREAM_PAYLOAD_BYTES } from "./packet.ts";

/** Packets of one stream on their way; more wait. */
const ROOMS = 4;

/** Memory for the packets of a stream, used again when a packet has left: gigabytes leave no garbage. */
export class PacketRoom {
  readonly #free: Buffer[] = [];
  #made = 0;
  #waiting: ((room: Buffer) => void) | undefined;

  /** Room for one packet of stream data; one caller at a time. */
  take(): Buffer | Promise<Buffer> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made === ROOMS)
      return new Promise((resolve) => {
        this.#waiting = resolve;
      });
    this.#made += 1;
    return Buffer.allocUnsafe(HEADER_BYTES + STREAM_PAYLOAD_BYTES);
  }

  /** The packet has left, or never will. */
  give(room: Buffer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#free.push(room);
    else waiting(room);
  }
}
