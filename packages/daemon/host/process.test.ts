import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { monotonicMs } from "./clock.ts";
import {
  isAlive,
  isStopped,
  parseStat,
  processIdentity,
  processInfo,
  signalProcess,
  waitForExit,
} from "./process.ts";

const tail = Array.from({ length: 37 }, (_, i) => i).join(" ");

test("process: a name with parentheses and spaces does not confuse the reader", () => {
  const info = parseStat(`42 (q) x (y) S 1 2 ${tail}`);
  assert.equal(info?.pid, 42);
  assert.equal(info.state, "S");
});

test("process: text that is no stat line is nobody", () => {
  for (const text of ["", "42", "42 (x", "42 (x) S 1", "(x) S 1 2"])
    assert.equal(parseStat(text), undefined);
});

test("process: identity holds for a life, not for a pid", () => {
  const self = processIdentity(process.pid);
  assert.ok(self && isAlive(self));
  assert.ok(!isAlive({ ...self, startTime: self.startTime + 1 }));
  assert.equal(signalProcess({ ...self, startTime: 1 }, "SIGKILL"), false);
});

test("process: a stopped child is seen as stopped and dies of SIGKILL only", async () => {
  const child = spawn("sleep", ["60"]);
  const identity = processIdentity(child.pid ?? 0);
  assert.ok(identity);
  signalProcess(identity, "SIGSTOP");
  const stopped = await (async () => {
    for (;;) {
      const info = processInfo(identity.pid);
      if (info && isStopped(info)) return info;
    }
  })();
  assert.equal(stopped.startTime, identity.startTime);
  signalProcess(identity, "SIGTERM");
  const began = monotonicMs();
  assert.equal(await waitForExit(identity, 30), false);
  assert.ok(monotonicMs() - began >= 30);
  signalProcess(identity, "SIGKILL");
  assert.equal(await waitForExit(identity, 1000), true);
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  assert.equal(processInfo(identity.pid), undefined);
});

test("process: cpu time and memory of this very process are plausible", async () => {
  const info = processInfo(process.pid);
  assert.ok(info && info.residentKiB > 10_000 && info.cpuTimeNs > 0);
  assert.equal(info.cpuTimeNs, info.userTimeNs + info.systemTimeNs);
});
