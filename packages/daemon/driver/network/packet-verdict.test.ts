import assert from "node:assert/strict";
import { test } from "node:test";
import { type KnownPacket, verdictOf } from "./packet-verdict.ts";
import type { BaseChain, Expression, FirewallRule } from "./ruleset.ts";

const PLACE = { family: "ip", table: "t", chain: "forward" };
const base = (policy: string): BaseChain => ({ ...PLACE, hook: "forward", policy });
const OUT: KnownPacket = { iifname: "virbr0", oifname: "eth0", saddr: "10.1.2.3", state: "new" };
const ANSWER: KnownPacket = {
  iifname: "eth0",
  oifname: "virbr0",
  daddr: "10.1.2.3",
  state: "established",
};

const match = (left: object, right: unknown, op = "=="): Expression => ({
  match: { op, left, right },
});
const meta = (key: string): object => ({ meta: { key } });
const address = (field: string): object => ({ payload: { protocol: "ip", field } });
const accept: Expression = { accept: null };
const drop: Expression = { drop: null };
const rule = (handle: number, expressions: readonly Expression[], chain = "forward") => ({
  ...PLACE,
  chain,
  handle,
  expressions,
});

/** What happens, by which rule, and whether to some only. */
function told(policy: string, rules: readonly FirewallRule[], packet = OUT): string {
  const { drops, by, some } = verdictOf(base(policy), { chains: [], rules }, packet);
  return `${drops ? "drops" : "passes"}${by === undefined ? "" : ` by ${by.handle}`}${some ? ", but for some" : ""}`;
}

test("foreign rules: names, prefixes, ranges and sets are compared", () => {
  const prefix = { prefix: { addr: "10.0.0.0", len: 8 } };
  const fits: readonly Expression[] = [
    match(meta("iifname"), "virbr*"),
    match(meta("oifname"), { set: ["eth1", "eth0"] }),
    match(address("saddr"), prefix),
    match(address("saddr"), { range: ["10.1.2.0", "10.1.2.9"] }),
    match(address("saddr"), { set: ["192.0.2.1", prefix] }),
    match(meta("iifname"), "eth0", "!="),
    match({ ct: { key: "state" } }, ["established", "new"], "in"),
  ];
  for (const one of fits)
    assert.equal(told("accept", [rule(1, [one, drop])]), "drops by 1", JSON.stringify(one));
  const misfits: readonly Expression[] = [
    match(meta("iifname"), "eth0"),
    match(address("saddr"), prefix, "!="),
    match(address("saddr"), { range: ["10.1.2.4", "10.1.2.9"] }),
    match({ ct: { key: "state" } }, "established"),
  ];
  for (const one of misfits)
    assert.equal(told("accept", [rule(1, [one, drop])]), "passes", JSON.stringify(one));
});

test("foreign rules: who asks for what nobody knows drops some, and lets some through", () => {
  const port = match({ payload: { protocol: "tcp", field: "dport" } }, 22);
  assert.equal(told("accept", [rule(1, [port, drop])]), "passes");
  assert.equal(told("drop", [rule(1, [port, accept])]), "drops, but for some");
  assert.equal(
    told("drop", [rule(1, [match(address("daddr"), "@set"), accept])]),
    "drops, but for some",
  );
});

test("foreign rules: chains are gone to and come back from", () => {
  const jump = rule(1, [{ jump: { target: "own" } }]);
  const goes = rule(1, [{ goto: { target: "own" } }]);
  const end = rule(3, [drop]);
  assert.equal(told("accept", [jump, rule(2, [drop], "own"), end]), "drops by 2");
  assert.equal(
    told("accept", [jump, rule(2, [{ return: null }, accept], "own"), end]),
    "drops by 3",
  );
  assert.equal(told("accept", [goes, end]), "passes", "who went for good comes back to no rule");
  const map = {
    key: { ct: { key: "state" } },
    data: {
      set: [
        ["new", drop],
        ["established", accept],
      ],
    },
  };
  assert.equal(told("accept", [rule(1, [{ vmap: map }])]), "drops by 1");
  assert.equal(told("drop", [rule(1, [{ vmap: map }])], ANSWER), "passes");
});

test("foreign rules: iptables' own words for connections and refusals", () => {
  const connection: Expression = { xt: { type: "match", name: "conntrack" } };
  assert.equal(told("drop", [rule(1, [connection, accept])], ANSWER), "passes");
  assert.equal(told("drop", [rule(1, [connection, accept])]), "drops, but for some");
  assert.equal(told("accept", [rule(1, [connection, drop])], ANSWER), "passes");
  assert.equal(
    told("accept", [rule(1, [{ xt: { type: "target", name: "REJECT" } }])]),
    "drops by 1",
  );
});
