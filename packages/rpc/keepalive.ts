/** Proof of life on a silent connection, in either role. */
import { type Packet, PacketStatus, PacketType, rawPacket } from "./packet.ts";
import { keepalive as program } from "./program/keepalive.ts";

const { ping, pong } = program.procedures;

const message = (procedure: number): Buffer =>
  rawPacket({
    program: program.number,
    version: program.version,
    procedure,
    type: PacketType.message,
    serial: 0,
    status: PacketStatus.ok,
  });

/** Whether a packet belongs to this program; whatever else it says, no one replies with an error. */
export const isKeepalive = (packet: Packet): boolean => packet.program === program.number;

/** The answer to a packet of this program, if it wants one. */
export function keepaliveAnswer(packet: Packet): Buffer | undefined {
  const wanted =
    packet.version === program.version &&
    packet.type === PacketType.message &&
    packet.procedure === ping.number;
  return wanted ? message(pong.number) : undefined;
}

/** How long silence may last: `count` pings, `intervalMs` apart, then one more interval. */
export interface KeepalivePolicy {
  readonly intervalMs: number;
  readonly count: number;
}

/** What a keepalive does to its connection. */
export interface KeepaliveActions {
  send(packet: Buffer): void;
  /** False while we do not read: then silence proves nothing. */
  isReading(): boolean;
  /** The peer has not been heard for `count + 1` intervals. */
  dead(): void;
}

/** Pings after an interval of silence, and gives the peer up when its pings stay unanswered. */
export class Keepalive {
  readonly #policy: KeepalivePolicy;
  readonly #actions: KeepaliveActions;
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;

  constructor(policy: KeepalivePolicy, actions: KeepaliveActions) {
    this.#policy = policy;
    this.#actions = actions;
    this.#timer = setInterval(() => {
      this.#silence();
    }, policy.intervalMs).unref();
  }

  /** Something arrived. */
  heard(): void {
    this.#unanswered = 0;
    this.#timer.refresh();
  }

  /** Stop for good. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #silence(): void {
    if (!this.#actions.isReading()) return;
    if (this.#unanswered >= this.#policy.count) {
      this.stop();
      this.#actions.dead();
      return;
    }
    this.#unanswered += 1;
    this.#actions.send(message(ping.number));
  }
}
