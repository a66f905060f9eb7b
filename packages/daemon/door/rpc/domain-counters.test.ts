import assert from "node:assert/strict";
import { test } from "node:test";
import { interfaceCounters } from "./domain-counters.ts";

test("counters of an interface: what is not known is -1", () => {
  const got = interfaceCounters({ "rx.bytes": 7, "tx.pkts": 3 });
  assert.deepEqual([got.rx_bytes, got.tx_packets, got.tx_errs], [7n, 3n, -1n]);
});
