import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { bench, type Bench } from "./test-bench.ts";

const domain = { name: "a" };
const READ_MS = 1000;
const MIGRATION_STREAM = "QEVM";
const ELF = "\x7fELF";

async function running(b: Bench, devices = ""): Promise<string> {
  await b.define({ name: "a", devices });
  await b.do("start", { domain });
  return join(b.paths.lib, "core");
}

/** How much of the file is in the host's cache, where util-linux can tell. */
function cachedBytes(path: string): string {
  const { status, stdout } = spawnSync("fincore", ["-bno", "RES", path], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "unknown";
}

const headOf = (path: string): string => readFileSync(path).toString("latin1", 0, 4);

for (const [how, memoryOnly, head] of [
  ["everything", false, MIGRATION_STREAM],
  ["memory only", true, ELF],
] as const)
  test(`dump: ${how}; who reads is answered meanwhile, and the guest runs on`, async (t) => {
    const b = await bench(t);
    const path = await running(b);
    const dump = { over: false };
    const dumping = b.do("coreDump", { domain, path, memoryOnly, bypassCache: true });
    const marked = dumping.finally(() => {
      dump.over = true;
    });
    for (let reads = 0; reads === 0 || !dump.over; reads++) {
      const begin = performance.now();
      await b.do("info", { domain });
      assert.ok(performance.now() - begin < READ_MS, "a read waited for the dump");
      await new Promise(setImmediate);
    }
    await marked;
    assert.match(cachedBytes(path), /^(0|unknown)$/);
    assert.equal(headOf(path), head);
    assert.deepEqual(await b.do("state", { domain }), domainState("running", "unpaused"));
    await b.do("coreDump", { domain, path, memoryOnly, live: true });
  });

test("dump: a crash ends the domain as crashed", async (t) => {
  const b = await bench(t);
  const path = await running(b);
  await b.do("coreDump", { domain, path, crash: true });
  assert.equal(headOf(path), MIGRATION_STREAM);
  assert.deepEqual(b.life("a").slice(-1), ["stopped crashed"]);
  assert.deepEqual(b.pids(), []);
});

test("dump: what cannot be written or makes no sense leaves the guest as it is", async (t) => {
  const b = await bench(t);
  const path = await running(b);
  const nowhere = join(path, "nowhere");
  for (const memoryOnly of [false, true])
    await assert.rejects(b.do("coreDump", { domain, path: nowhere, memoryOnly }), (error) =>
      isError(error, "systemError"),
    );
  await assert.rejects(b.do("coreDump", { domain, path, crash: true, live: true }), /exclusive/);
  await assert.rejects(
    b.do("coreDump", { domain, path, format: "kdump-zlib" }),
    /only supported with memory-only dump/,
  );
  assert.equal(existsSync(path), false);
  assert.equal((await b.do("state", { domain })).state, "running");
});

test("screenshot: a picture of the screen that was asked for", async (t) => {
  const b = await bench(t);
  await running(b, "<video><model type='vga'/></video>");
  const picture = await buffer(await b.do("screenshot", { domain, screen: 0 }));
  assert.match(picture.toString("latin1", 0, 4), /^(\x89PNG|P6\n)/);
  await assert.rejects(b.do("screenshot", { domain, screen: 1 }), /no such screen ID/);
});

test("screenshot: a domain without a screen says so", async (t) => {
  const b = await bench(t);
  await running(b);
  await assert.rejects(
    b.do("screenshot", { domain, screen: 0 }),
    /no screens to take screenshot from/,
  );
});
