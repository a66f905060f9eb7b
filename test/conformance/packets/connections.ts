/** Connections that packets began, as the kernel follows them. */
import type { Ip } from "./packet.ts";

/** Protocols whose packets name ports. */
export const HAS_PORTS = new Set([6, 17, 132, 136]);

export interface ConnectionState {
  readonly state: "NEW" | "ESTABLISHED" | "INVALID";
  /** Whether the packet goes the way of the first one. */
  readonly original: boolean;
}
/** A connection as the kernel knows it. */
interface Known {
  readonly from: string;
  answered: boolean;
}
/** Of ICMP only echoes make connections here, by protocol. */
const ECHOES: Readonly<Record<number, { readonly ask: number; readonly answer: number }>> = {
  1: { ask: 8, answer: 0 },
  58: { ask: 128, answer: 129 },
};

export class Connections {
  readonly #known = new Map<string, Known>();

  #key(ip: Ip): { key: string; from: string } {
    const ends = [`${ip.src} ${portOf(ip, "s")}`, `${ip.dst} ${portOf(ip, "d")}`];
    return { key: [ip.protocol, ...ends.toSorted()].join(" "), from: ends[0] ?? "" };
  }

  /** State of the connection, and whether this packet goes the way of the first one. */
  stateOf(ip: Ip): ConnectionState {
    const { key, from } = this.#key(ip);
    const known = this.#known.get(key);
    const echo = ECHOES[ip.protocol];
    const isOther = echo !== undefined && ip.type !== echo.ask && ip.type !== echo.answer;
    if (isOther) return { state: "INVALID", original: true };
    if (known === undefined)
      return { state: ip.type === echo?.answer ? "INVALID" : "NEW", original: true };
    const original = known.from === from;
    return { state: original && !known.answered ? "NEW" : "ESTABLISHED", original };
  }

  /** The packet went through. */
  passed(ip: Ip): void {
    if (this.stateOf(ip).state === "INVALID") return;
    const { key, from } = this.#key(ip);
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, { from, answered: false });
    else if (known.from !== from) known.answered = true;
  }
}
/** What stands for a port; an echo's number is the same both ways. */
const portOf = (ip: Ip, side: "s" | "d"): number => {
  if (ip.protocol === 1 || ip.protocol === 58) return ip.sport;
  if (!HAS_PORTS.has(ip.protocol)) return 0;
  return side === "s" ? ip.sport : ip.dport;
};
