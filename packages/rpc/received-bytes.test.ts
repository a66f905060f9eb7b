import assert from "node:assert/strict";
import { test } from "node:test";
import { ReceivedBytes } from "./received-bytes.ts";

const PIECE = 256 * 1024;

test("received-bytes: what has to wait leaves no garbage, however much it is", () => {
  const received = new ReceivedBytes();
  const lent = Buffer.allocUnsafeSlow(PIECE);
  const before = process.memoryUsage().arrayBuffers;
  for (let turn = 0; turn < 200; turn += 1) {
    received.push(lent, true);
    received.keep();
    assert.equal(received.takePiece(PIECE).length, PIECE);
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 * PIECE);
});

test("received-bytes: what is kept and what is taken does not change with the lent memory", () => {
  const received = new ReceivedBytes();
  const lent = Buffer.alloc(8192, "a");
  received.push(lent, true);
  received.keep();
  lent.fill("b");
  received.push(lent, true);
  const taken = received.take(8193);
  lent.fill("c");
  assert.equal(taken.toString(), `${"a".repeat(8192)}b`);
  assert.equal(received.length, 8191);
});
