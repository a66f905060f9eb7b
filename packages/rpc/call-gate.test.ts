import assert from "node:assert/strict";
import { test } from "node:test";
import { CallGate } from "./call-gate.ts";

/** Enters and notes when it could. */
function caller(gate: CallGate, said: string[]): (name: string, high?: boolean) => void {
  return (name, high = false) => {
    const turn = gate.enter(high);
    if (turn === undefined) said.push(name);
    else void turn.then(() => said.push(name));
  };
}

const settled = (): Promise<void> => new Promise((done) => void setImmediate(done));

test("call gate: calls of high priority have places of their own and need not wait their turn", async () => {
  const gate = new CallGate({ any: 1, high: 1 });
  const said: string[] = [];
  const call = caller(gate, said);
  call("first");
  call("second");
  call("urgent", true);
  assert.deepEqual(said, ["first", "urgent"]);
  assert.equal(gate.serving, 2);
  assert.equal(gate.waiting, 1);
  gate.leave();
  await settled();
  assert.deepEqual(said, ["first", "urgent"], "one place is still taken by a call");
  gate.leave();
  await settled();
  assert.deepEqual(said, ["first", "urgent", "second"]);
});

test("call gate: more places let those in that wait", async () => {
  const gate = new CallGate({ any: 1, high: 0 });
  const said: string[] = [];
  const call = caller(gate, said);
  for (const name of ["a", "b", "c"]) call(name);
  gate.places = { any: 3, high: 0 };
  await settled();
  assert.deepEqual(said, ["a", "b", "c"]);
  assert.equal(gate.waiting, 0);
});
