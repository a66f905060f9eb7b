import assert from "node:assert/strict";
import { test } from "node:test";
import { monotonicMs } from "./clock.ts";
import { execProgram } from "./exec.ts";

test("exec: answers what was printed and passes input on", async () => {
  assert.equal((await execProgram("cat", [], { input: "hello" })).stdout, "hello");
});

test("exec: a failure carries status and stderr", async () => {
  await assert.rejects(
    execProgram("sh", ["-c", "echo no such volume >&2; exit 3"]),
    /ended with status 3: no such volume/,
  );
});

test("exec: a hanging program is killed with its children at the deadline", async () => {
  const began = monotonicMs();
  await assert.rejects(
    execProgram("sh", ["-c", "sleep 60 & sleep 60"], { timeoutMs: 50 }),
    /did not end within 50 ms/,
  );
  assert.ok(monotonicMs() - began < 2000);
});

test("exec: endless output is cut off", async () => {
  await assert.rejects(
    execProgram("yes", [], { outputLimit: 10_000 }),
    /printed more than 10000 bytes/,
  );
});

test("exec: a caller can cancel", async () => {
  await assert.rejects(
    execProgram("sleep", ["60"], { signal: AbortSignal.abort() }),
    /was cancelled/,
  );
});

test("exec: a missing program is a system error", async () => {
  await assert.rejects(execProgram("/nowhere/x", []), /Cannot run '\/nowhere\/x': No such file/);
});
