import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmsOf, type AlarmFacts } from "./alarms.ts";

const calm: AlarmFacts = {
  domains: [
    { name: "on", state: "running", reason: 1 },
    { name: "held", state: "paused", reason: 1 },
    { name: "off", state: "shutoff", reason: 2 },
  ],
  steal: new Map([["on", 0.02]]),
  pools: [{ name: "images", active: true, autostart: true, capacity: 100, available: 50 }],
  freeMemory: 0.5,
  quarantined: 0,
};
const kinds = (change: Partial<AlarmFacts>): readonly string[] =>
  alarmsOf({ ...calm, ...change }).map(({ kind, name, severity }) => `${kind} ${name} ${severity}`);

test("alarms: none when all is well, whatever people have switched off or paused", () => {
  assert.deepEqual(kinds({}), []);
});

test("alarms: a guest that ended or stopped by itself", () => {
  const domains = [
    { name: "a", state: "shutoff", reason: 3 },
    { name: "b", state: "paused", reason: 5 },
    { name: "c", state: "crashed", reason: 1 },
    { name: "d", state: "paused", reason: 6 },
    { name: "e", state: "shutoff", reason: 6 },
  ] as const;
  assert.deepEqual(kinds({ domains }), [
    "crashed a danger",
    "ioError b danger",
    "crashed c danger",
    "watchdog d danger",
    "failed e danger",
  ]);
});

test("alarms: what runs short, the worst first", () => {
  const pools = [
    { name: "near", active: true, autostart: true, capacity: 100, available: 8 },
    { name: "full", active: true, autostart: true, capacity: 100, available: 1 },
    { name: "gone", active: false, autostart: true },
    { name: "unused", active: false, autostart: false },
  ];
  assert.deepEqual(
    kinds({ pools, steal: new Map([["on", 0.4]]), freeMemory: 0.05, quarantined: 2 }),
    [
      "poolFull full danger",
      "steal on warning",
      "poolFull near warning",
      "poolInactive gone warning",
      "hostMemory  warning",
      "quarantine  warning",
    ],
  );
});
