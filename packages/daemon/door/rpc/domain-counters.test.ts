import assert from "node:assert/strict";
import { test } from "node:test";
import { interfaceCounters } from "./domain-counters.ts";

const STATS = {
  "net.0.name": { value: "vnet0" },
  "net.0.rx.bytes": { value: 5 },
  "net.1.name": { value: "vnet1" },
  "net.1.rx.bytes": { value: 7 },
  "net.1.tx.pkts": { value: 3 },
};

test("counters are those of the interface asked for; what is not known is -1", () => {
  const got = interfaceCounters(STATS, "vnet1");
  assert.deepEqual([got?.rx_bytes, got?.tx_packets, got?.tx_errs], [7n, 3n, -1n]);
  assert.equal(interfaceCounters(STATS, "vnet2"), undefined);
});
