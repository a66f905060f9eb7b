/**
 * What rules of nftables do with a packet of which some things are known: where it comes in and goes out, one of its
 * addresses, its connection. A rule that asks for anything else may fit or not.
 */
import { isIPv4 } from "node:net";
import {
  type BaseChain,
  chainKey,
  type Expression,
  type Fields,
  type FirewallRule,
  isFields,
  type Ruleset,
} from "./ruleset.ts";

/** Absent: nobody knows. */
export interface KnownPacket {
  readonly iifname?: string | undefined;
  readonly oifname?: string | undefined;
  readonly saddr?: string | undefined;
  readonly daddr?: string | undefined;
  readonly state: "new" | "established";
}

export interface PacketVerdict {
  readonly drops: boolean;
  /** The rule that drops; absent: the policy of the chain. */
  readonly by?: FirewallRule;
  /** Some packets are let through before, by rules that ask for what is not known here. */
  readonly some: boolean;
}

type Fit = "yes" | "no" | "maybe";
const DEPTH = 16;
const not: Readonly<Record<Fit, Fit>> = { yes: "no", no: "yes", maybe: "maybe" };
const fit = (is: boolean): Fit => (is ? "yes" : "no");

const textAt = (value: unknown, name: string): string => {
  const found = isFields(value) ? value[name] : undefined;
  return typeof found === "string" ? found : "";
};

/** What the left side of a match names, of this packet. */
function factOf(left: unknown, packet: KnownPacket): string | undefined {
  if (!isFields(left)) return undefined;
  const meta = textAt(left["meta"], "key");
  if (meta === "iifname" || meta === "oifname") return packet[meta];
  if (meta === "nfproto") return "ipv4";
  if (meta === "protocol") return "ip";
  if (textAt(left["ct"], "key") === "state") return packet.state;
  if (textAt(left["payload"], "protocol") !== "ip") return undefined;
  const field = textAt(left["payload"], "field");
  return field === "saddr" || field === "daddr" ? packet[field] : undefined;
}

const bitsOf = (address: string): number =>
  address.split(".").reduce((bits, part) => bits * 256 + Number(part), 0);

function inPrefix(address: string, prefix: Fields): Fit {
  const [base, length] = [prefix["addr"], prefix["len"]];
  if (typeof base !== "string" || typeof length !== "number" || !isIPv4(address)) return "maybe";
  const size = 2 ** (32 - length);
  return fit(Math.floor(bitsOf(address) / size) === Math.floor(bitsOf(base) / size));
}

function inRange(address: string, range: readonly unknown[]): Fit {
  const [from, to] = range;
  if (typeof from !== "string" || typeof to !== "string" || !isIPv4(from)) return "maybe";
  return fit(bitsOf(address) >= bitsOf(from) && bitsOf(address) <= bitsOf(to));
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** Whether the fact is the value, or one of several. */
function isAmong(fact: string, right: unknown): Fit {
  if (typeof right === "string") {
    if (right.startsWith("@")) return "maybe";
    return fit(right.endsWith("*") ? fact.startsWith(right.slice(0, -1)) : fact === right);
  }
  const several = isList(right) ? right : isFields(right) ? right["set"] : undefined;
  if (isList(several)) {
    const fits = several.map((one) => isAmong(fact, one));
    return fits.includes("yes") ? "yes" : fits.includes("maybe") ? "maybe" : "no";
  }
  if (!isFields(right)) return "maybe";
  if (isFields(right["prefix"])) return inPrefix(fact, right["prefix"]);
  return isList(right["range"]) ? inRange(fact, right["range"]) : "maybe";
}

function matchFits(match: unknown, packet: KnownPacket): Fit {
  if (!isFields(match)) return "maybe";
  const fact = factOf(match["left"], packet);
  if (fact === undefined) return "maybe";
  const is = isAmong(fact, match["right"]);
  return match["op"] === "!="
    ? not[is]
    : match["op"] === "==" || match["op"] === "in"
      ? is
      : "maybe";
}

/** Statements that ask something in words that nft does not tell. */
const UNTOLD = ["xt", "limit", "quota", "ct count", "fib"];

/** iptables' match of connections, whose states nft does not tell: who lets packets through by it lets answers through. */
const asksConnection = (one: Expression): boolean =>
  ["conntrack", "state"].includes(textAt(one["xt"], "name"));

/** iptables' target, which nft has no word for. */
const isRefusal = (one: Expression): boolean => textAt(one["xt"], "name") === "REJECT";

function expressionFits(one: Expression, packet: KnownPacket, accepts: boolean): Fit {
  if ("match" in one) return matchFits(one["match"], packet);
  if (isRefusal(one)) return "yes";
  if (asksConnection(one) && accepts && packet.state === "established") return "yes";
  return UNTOLD.some((name) => name in one) ? "maybe" : "yes";
}

type End = "accept" | FirewallRule | undefined;

class Walk {
  some = false;
  readonly #ruleset: Ruleset;
  readonly #packet: KnownPacket;

  constructor(ruleset: Ruleset, packet: KnownPacket) {
    this.#ruleset = ruleset;
    this.#packet = packet;
  }

  /** How the packet ends in the chain; `undefined` when it comes to the chain's end. */
  chain(place: Omit<FirewallRule, "handle" | "expressions">, sure: boolean, depth = 0): End {
    if (depth > DEPTH) return undefined;
    const key = chainKey(place);
    for (const rule of this.#ruleset.rules) {
      if (chainKey(rule) !== key) continue;
      const end = this.#rule(rule, sure, depth);
      if (end === "return") return undefined;
      if (end !== undefined) return end;
    }
    return undefined;
  }

  #rule(rule: FirewallRule, sure: boolean, depth: number): End | "return" {
    const verdict = rule.expressions.flatMap((one) => this.#verdicts(one)).find(isVerdict);
    if (verdict === undefined) return undefined;
    const accepts = "accept" in verdict;
    const fits = rule.expressions.map((one) => expressionFits(one, this.#packet, accepts));
    if (fits.includes("no")) return undefined;
    const isSure = sure && !fits.includes("maybe");
    const end = this.#verdict(rule, verdict, { isSure, depth });
    if (isSure) return end;
    if (end === "accept") this.some = true;
    return undefined;
  }

  /** Of a map the verdict of what is known of the packet; when that is not known, none. */
  #verdicts(one: Expression): readonly Expression[] {
    const map = one["vmap"];
    if (!isFields(map)) return [one];
    const fact = factOf(map["key"], this.#packet);
    const data = isFields(map["data"]) ? map["data"]["set"] : undefined;
    if (fact === undefined || !isList(data)) return [];
    return data.flatMap((pair) => {
      const [key, verdict] = isList(pair) ? pair : [];
      return isAmong(fact, key) === "yes" && isFields(verdict) ? [verdict] : [];
    });
  }

  #verdict(
    rule: FirewallRule,
    verdict: Expression,
    { isSure, depth }: { isSure: boolean; depth: number },
  ): End | "return" {
    if ("accept" in verdict) return "accept";
    if ("drop" in verdict || "reject" in verdict || isRefusal(verdict)) return rule;
    if ("return" in verdict) return "return";
    const target = textAt(verdict["jump"] ?? verdict["goto"], "target");
    const end = this.chain({ ...rule, chain: target }, isSure, depth + 1);
    return end ?? ("goto" in verdict ? "return" : undefined);
  }
}

const VERDICTS = ["accept", "drop", "reject", "return", "jump", "goto"];
const isVerdict = (one: Expression): boolean =>
  VERDICTS.some((name) => name in one) || isRefusal(one);

/** What the chain does with the packet in the end. */
export function verdictOf(base: BaseChain, ruleset: Ruleset, packet: KnownPacket): PacketVerdict {
  const walk = new Walk(ruleset, packet);
  const end = walk.chain(base, true);
  if (end === "accept") return { drops: false, some: false };
  if (end !== undefined) return { drops: true, by: end, some: walk.some };
  return { drops: base.policy === "drop", some: walk.some };
}
