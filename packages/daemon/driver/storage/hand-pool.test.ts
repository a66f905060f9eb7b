import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HandPool, HandTimeout } from "./hand-pool.ts";

const directory = mkdtempSync(join(tmpdir(), "vireo-hand-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const program = join(directory, "program.mjs");
writeFileSync(
  program,
  `import { createInterface } from "node:readline";
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "die") process.exit(3);
    if (line !== "hang") process.stdout.write(process.pid + " " + line + "\\n");
  }`,
);
const TIME_MS = 20_000;
const pidIn = (answer: string): string => answer.split(" ")[0] ?? "";

test("hand-pool: a hand is used again; who asks at the same time gets another", async () => {
  const hands = new HandPool(program);
  const first = await hands.ask("one", TIME_MS);
  assert.match(first, /^\d+ one\n$/);
  assert.equal(pidIn(await hands.ask("two", TIME_MS)), pidIn(first));
  const together = await Promise.all(["a", "b", "c", "d"].map((word) => hands.ask(word, TIME_MS)));
  assert.equal(new Set(together.map(pidIn)).size, 4);
});

test("hand-pool: one that hangs is replaced, and is gone", async () => {
  const hands = new HandPool(program);
  const first = pidIn(await hands.ask("one", TIME_MS));
  await assert.rejects(hands.ask("hang", 50), HandTimeout);
  assert.notEqual(pidIn(await hands.ask("two", TIME_MS)), first);
  assert.throws(() => process.kill(Number(first), 0), /ESRCH/);
});

test("hand-pool: one that dies fails its request only", async () => {
  const hands = new HandPool(program);
  await assert.rejects(hands.ask("die", TIME_MS), /ended: 3/);
  assert.match(await hands.ask("one", TIME_MS), /one/);
});
