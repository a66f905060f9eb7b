/** Which connections a rule is about, one way: its own way, and the answers to what it lets through. */
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";

/** Of packets, seen from the guest. */
export type Way = "out" | "in";

export interface Connection {
  /** As in the filter's `state`; any when empty. */
  readonly states: readonly string[];
  readonly side?: "original" | "reply";
}

const ANY: Connection = { states: [] };
const BEGUN = ["NEW", "ESTABLISHED"];

function answersOf({ match }: ExpandedRule, ownWay: boolean): Connection | undefined {
  // a message of ICMP that was named by its type has no answer of that type
  if (match["type"] !== undefined) return ownWay ? { states: BEGUN } : undefined;
  return ownWay ? { states: BEGUN, side: "original" } : { states: ["ESTABLISHED"], side: "reply" };
}

/** Whether sender and receiver of the rule change places. */
export const isReversed = ({ direction }: ExpandedRule, way: Way): boolean =>
  way === "out" ? direction !== "out" : direction === "out";

/** What says nothing of packets the other way. */
const ONE_WAY = new Set(["match", "srcmacaddr", "srcmacmask", "dstmacaddr", "dstmacmask"]);
const NO_TEST = new Set(["comment", "state"]);

/** Whether the rule asks of MAC addresses only, which answers do not have. */
const asksOfMacOnly = ({ match }: ExpandedRule): boolean =>
  match["srcmacaddr"] !== undefined &&
  Object.keys(match).every((name) => ONE_WAY.has(name) || NO_TEST.has(name));

/** How the connection must stand; `undefined`: the rule says nothing of packets this way. */
export function connectionOf(rule: ExpandedRule, way: Way): Connection | undefined {
  const { direction, match, action, stateless } = rule;
  if (isReversed(rule, way) && asksOfMacOnly(rule)) return undefined;
  const ownWay = direction === "inout" || direction === way;
  const { state } = match;
  if (state !== undefined)
    return ownWay ? { states: state === "NONE" ? [] : String(state).split(",") } : undefined;
  const isAnswered = direction !== "inout" && !stateless && action === "accept";
  if (isAnswered) return answersOf(rule, ownWay);
  // connections are counted where they begin
  return ownWay || match["connlimit-above"] === undefined ? ANY : undefined;
}
