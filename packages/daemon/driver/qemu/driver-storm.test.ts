import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { bench, type Bench } from "./test-bench.ts";

const NAMES = ["a", "b", "c"];
const CLIENTS = 4;
const REQUESTS = 30;

/** Repeatable numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}

const REQUESTS_BY_NUMBER: readonly ((b: Bench, name: string) => Promise<unknown>)[] = [
  (b, name) => b.do("start", { domain: { name } }),
  (b, name) => b.do("start", { domain: { name }, paused: true }),
  (b, name) => b.do("destroy", { domain: { name } }),
  (b, name) => b.do("suspend", { domain: { name } }),
  (b, name) => b.do("resume", { domain: { name } }),
  (b, name) => b.do("reset", { domain: { name } }),
  (b, name) => b.define({ name }),
  (b, name) => b.do("undefine", { domain: { name } }),
  (b, name) => b.do("create", { xml: b.xmlOf({ name }) }),
  async (b, name) => process.kill(b.pidOf(name), "SIGKILL"),
  async (b, name) => process.kill(b.pidOf(name), "SIGSTOP"),
  async (b, name) => process.kill(b.pidOf(name), "SIGCONT"),
];

async function client(b: Bench, random: () => number): Promise<void> {
  for (let sent = 0; sent < REQUESTS; sent++) {
    const request = REQUESTS_BY_NUMBER[Math.trunc(random() * REQUESTS_BY_NUMBER.length)];
    const name = NAMES[Math.trunc(random() * NAMES.length)] ?? "a";
    await request?.(b, name).catch((error: unknown) => {
      const expected =
        isError(error) || (error instanceof Error && /no QEMU of|ESRCH/.test(error.message));
      if (!expected) throw error;
    });
  }
}

test("storm: whatever clients, signals and crashes do at once, views and processes agree in the end", {
  timeout: 120_000,
}, async (t) => {
  const b = await bench(t);
  for (const name of NAMES) await b.define({ name });
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(b, randomFrom(i + 1))));
  for (const pid of b.pids()) process.kill(pid, "SIGCONT");
  const active = async () => (await b.do("list", {})).filter(({ id }) => id !== undefined);
  const agree = async (): Promise<boolean> => (await active()).length === b.pids().length;
  const end = performance.now() + 10_000;
  while (!(await agree()) && performance.now() < end) await new Promise(setImmediate);
  assert.equal((await active()).length, b.pids().length);
  for (const { name } of await active()) await b.do("destroy", { domain: { name } });
  assert.deepEqual(b.pids(), []);
  assert.deepEqual(await active(), []);
  assert.deepEqual(
    readdirSync(b.paths.status).filter((one) => one.endsWith(".xml")),
    [],
  );
  assert.deepEqual(
    readdirSync(b.paths.qemuLib).filter((one) => one.startsWith("domain-")),
    [],
  );
  for (const name of NAMES) {
    const life = b.life(name).map((one) => one.split(" ")[0]);
    const starts = life.filter((one) => one === "started").length;
    const stops = life.filter((one) => one === "stopped").length;
    assert.equal(starts, stops, `${name}: ${life.join(" ")}`);
  }
});
