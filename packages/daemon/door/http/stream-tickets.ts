/** One-time tickets: what may be opened by WebSocket, where a browser cannot send headers. */
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";

export interface Ticket {
  readonly id: string;
  readonly expiresAt: string;
}

type Opening = () => Promise<Duplex>;

const LIFE_MS = 30_000;
const LIMIT = 1000;

export class StreamTickets {
  readonly #open = new Map<string, { readonly opening: Opening; readonly until: number }>();

  issue(opening: Opening): Ticket {
    this.#dropOld();
    const id = randomBytes(24).toString("base64url");
    const until = Date.now() + LIFE_MS;
    this.#open.set(id, { opening, until });
    return { id, expiresAt: new Date(until).toISOString() };
  }

  /** A ticket is good once. @returns undefined when it is unknown, used or out of date */
  redeem(id: string): Opening | undefined {
    const ticket = this.#open.get(id);
    this.#open.delete(id);
    return ticket !== undefined && ticket.until > Date.now() ? ticket.opening : undefined;
  }

  #dropOld(): void {
    for (const [id, { until }] of this.#open)
      if (until <= Date.now() || this.#open.size >= LIMIT) this.#open.delete(id);
      else break;
  }
}
