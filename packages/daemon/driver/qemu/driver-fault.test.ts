import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { monotonicMs } from "../../host/clock.ts";
import { previousOf } from "../../host/file.ts";
import { bench, type Bench } from "./test-bench.ts";

const timeout = 40_000;

/** Damages a file and the revision before it, beyond recovery. */
function wreck(path: string): void {
  truncateSync(path, 100);
  const previous = join(path, "../.prev", path.slice(path.lastIndexOf("/") + 1));
  writeFileSync(previous, "");
}

const only = (pids: readonly number[]): number => {
  assert.equal(pids.length, 1);
  return pids[0] ?? 0;
};

async function defined(b: Bench, names: readonly string[]): Promise<void> {
  for (const name of names) await b.define({ name });
  for (const name of names) await b.do("start", { domain: { name } });
}

test("fault: a guest whose status file is destroyed is found by its process", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  await defined(b, ["a"]);
  const domain = { name: "a" };
  const pid = only(b.pids());
  const { id } = await b.do("lookup", { domain });
  await b.driver.close();
  wreck(join(b.paths.status, "a.xml"));
  await b.start();
  assert.equal((await b.do("state", { domain })).state, "running");
  assert.equal((await b.do("lookup", { domain })).id, id);
  assert.equal(only(b.pids()), pid);
  await b.do("destroy", { domain });
  assert.deepEqual(b.pids(), []);
});

const CPU = /<cpu .*<\/cpu>/s;
/** The CPU that QEMU made tells what was asked for, and more. */
const withCpuOf = (running: string, definition: string): string =>
  definition.replace(CPU, CPU.exec(running)?.[0] ?? "no CPU");

test(
  "fault: a guest whose definition is destroyed keeps running, and its copy is used",
  {
    timeout,
  },
  (t) => definitionDestroyed(t, false),
);

test(
  "fault: a guest whose definition and its copy are destroyed is defined as it runs",
  {
    timeout,
  },
  (t) => definitionDestroyed(t, true),
);

async function definitionDestroyed(t: TestContext, withCopy: boolean): Promise<void> {
  const b = await bench(t);
  await defined(b, ["a"]);
  const domain = { name: "a" };
  const before = await b.do("xml", { domain, inactive: true });
  const running = await b.do("xml", { domain });
  await b.driver.close();
  const path = join(b.paths.definitions, "a.xml");
  for (const one of withCopy ? [path, previousOf(path)] : [path]) writeFileSync(one, "<domain");
  await b.start();
  assert.equal((await b.do("state", { domain })).state, "running");
  assert.equal(await b.do("isPersistent", { domain }), true);
  assert.equal(
    await b.do("xml", { domain, inactive: true }),
    withCopy ? withCpuOf(running, before) : before,
  );
  await b.do("destroy", { domain });
  assert.equal((await b.do("state", { domain })).state, "shutoff");
}

test("fault: a stopped QEMU does not hold up the next daemon, which takes it over once it goes on", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  await defined(b, ["stuck"]);
  const domain = { name: "stuck" };
  const pid = only(b.pids());
  await b.driver.close();
  process.kill(pid, "SIGSTOP");
  const began = monotonicMs();
  await b.start();
  assert.ok(monotonicMs() - began < 2000);
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "booted"));
  const asked = monotonicMs();
  await assert.rejects(b.do("suspend", { domain }), (error) => isError(error, "operationTimeout"));
  assert.ok(monotonicMs() - asked < 1000);
  process.kill(pid, "SIGCONT");
  for (;;) {
    const done = await b.do("suspend", { domain }).then(
      () => true,
      () => false,
    );
    if (done) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
});

test("fault: a call that waits for a QEMU fails as soon as the domain is destroyed", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  await defined(b, ["a"]);
  const domain = { name: "a" };
  const calls = Promise.allSettled([b.do("reset", { domain }), b.do("suspend", { domain })]);
  process.kill(only(b.pids()), "SIGSTOP");
  const began = monotonicMs();
  await b.do("destroy", { domain });
  await calls;
  assert.ok(monotonicMs() - began < 2000);
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "destroyed"));
});

test("fault: two starts at once make one guest", { timeout }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  const domain = { name: "a" };
  const results = await Promise.allSettled([b.do("start", { domain }), b.do("start", { domain })]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected"],
  );
  only(b.pids());
});
