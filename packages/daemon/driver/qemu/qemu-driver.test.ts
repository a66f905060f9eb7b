import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { monotonicMs } from "../../host/clock.ts";
import { ECHO, PANIC, POWER_OFF, RESET } from "./boot-disk.ts";
import { bench } from "./test-bench.ts";

const BOOTED = ["defined added", "resumed unpaused", "started booted"];

test("driver: define, start, suspend, resume, reset, destroy, undefine and the events of each", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  const { name } = await b.define({ name: "a" });
  const domain = { name };
  const { id } = await b.do("start", { domain });
  assert.equal(id, 1);
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "booted"));
  await b.do("suspend", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
  await b.do("reset", { domain });
  await b.do("resume", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "unpaused"));
  await b.do("destroy", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "destroyed"));
  await b.do("undefine", { domain });
  assert.deepEqual(b.life("a"), [
    ...BOOTED,
    "suspended paused",
    "resumed unpaused",
    "shutdown host",
    "stopped destroyed",
    "undefined removed",
  ]);
  assert.deepEqual(b.pids(), []);
  assert.deepEqual(readdirSync(b.paths.status), [".prev", "channel", "monitor"]);
  await assert.rejects(b.do("lookup", { domain }), (error) => isError(error, "noDomain"));
});

test("driver: a paused start runs nothing until resumed", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  const domain = { name: "a" };
  await b.do("start", { domain, paused: true });
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
  assert.deepEqual(b.life("a"), ["defined added", "started booted", "suspended paused"]);
  await b.do("resume", { domain });
  assert.deepEqual(b.life("a").at(-1), "resumed unpaused");
});

test("driver: a start that QEMU refuses tells QEMU's words and leaves nothing behind", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  rmSync(join(b.paths.etc, "../a.img"));
  await assert.rejects(
    b.do("start", { domain: { name: "a" } }),
    (error) => isError(error) && /a\.img.*No such file or directory/.test(error.message),
  );
  assert.deepEqual(
    await b.do("state", { domain: { name: "a" } }),
    domainState("shutoff", "failed"),
  );
  assert.deepEqual(b.pids(), []);
  assert.deepEqual(
    readdirSync(b.paths.qemuLib).filter((one) => one.startsWith("domain-")),
    [],
  );
  assert.deepEqual(
    readdirSync(b.paths.status).filter((one) => one.endsWith(".xml")),
    [],
  );
  b.xmlOf({ name: "a" });
  await b.do("start", { domain: { name: "a" } });
});

test("driver: a guest that powers off is shut off, and restarted with on_poweroff=restart", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "off", code: POWER_OFF });
  await b.do("start", { domain: { name: "off" } });
  await b.until(() => b.life("off").includes("stopped shutdown"));
  assert.deepEqual(b.life("off"), [...BOOTED, "shutdown guest", "stopped shutdown"]);
  assert.deepEqual(
    await b.do("state", { domain: { name: "off" } }),
    domainState("shutoff", "shutdown"),
  );
  await b.define({ name: "again", code: POWER_OFF, xml: "<on_poweroff>restart</on_poweroff>" });
  await b.do("start", { domain: { name: "again" } });
  await b.until(() => b.life("again").filter((one) => one === "shutdown guest").length >= 2);
  assert.ok(!b.life("again").some((one) => one.startsWith("stopped")));
  assert.equal(b.life("again").filter((one) => one === "started booted").length, 1);
});

test("driver: a guest that resets goes on, and ends with on_reboot=destroy", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "again", code: RESET });
  await b.do("start", { domain: { name: "again" } });
  await b.until(() => b.events.filter(({ kind }) => kind === "reboot").length >= 2);
  await b.do("destroy", { domain: { name: "again" } });
  await b.define({ name: "once", code: RESET, xml: "<on_reboot>destroy</on_reboot>" });
  await b.do("start", { domain: { name: "once" } });
  await b.until(() => b.life("once").some((one) => one.startsWith("stopped")));
  assert.deepEqual(b.life("once"), [...BOOTED, "shutdown guest", "stopped shutdown"]);
});

test("driver: a guest that panics obeys on_crash", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  const devices = "<panic model='isa'/>";
  await b.define({ name: "dies", code: PANIC, devices });
  await b.define({ name: "stays", code: PANIC, devices, xml: "<on_crash>preserve</on_crash>" });
  for (const name of ["dies", "stays"]) await b.do("start", { domain: { name } });
  await b.until(() => b.life("dies").includes("stopped crashed"));
  await b.until(() => b.life("stays").includes("crashed panicked"));
  assert.deepEqual(b.life("dies"), [...BOOTED, "crashed panicked", "stopped crashed"]);
  assert.deepEqual(
    await b.do("state", { domain: { name: "stays" } }),
    domainState("crashed", "panicked"),
  );
});

test("driver: a QEMU that is killed is seen as crashed, with an event", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  await b.do("start", { domain: { name: "a" } });
  for (const pid of b.pids()) process.kill(pid, "SIGKILL");
  await b.until(() => b.life("a").includes("stopped failed"));
  assert.deepEqual(
    await b.do("state", { domain: { name: "a" } }),
    domainState("shutoff", "crashed"),
  );
});

test("driver: the next daemon finds guests in their states, and what happened meanwhile", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  for (const name of ["runs", "sleeps", "dies"]) await b.define({ name });
  await b.define({ name: "off", code: POWER_OFF });
  await b.do("create", { xml: b.xmlOf({ name: "transient" }) });
  for (const name of ["runs", "sleeps", "dies"]) await b.do("start", { domain: { name } });
  await b.do("suspend", { domain: { name: "sleeps" } });
  const stay = ["runs", "sleeps", "transient"];
  const before = stay.map((name) => b.pidOf(name));
  const doomed = b.pidOf("dies");
  await b.do("start", { domain: { name: "off" } });
  const xml = await b.do("xml", { domain: { name: "runs" }, secure: true });
  await b.driver.close();
  process.kill(doomed, "SIGKILL");
  await b.until(() => !b.pids().includes(doomed));
  const began = monotonicMs();
  await b.start();
  assert.ok(monotonicMs() - began < 2000);
  assert.deepEqual(
    stay.map((name) => b.pidOf(name)),
    before,
  );
  const state = (name: string) => b.do("state", { domain: { name } });
  assert.deepEqual(await state("runs"), domainState("running", "booted"));
  assert.deepEqual(await state("sleeps"), domainState("paused", "user"));
  assert.deepEqual(await state("dies"), domainState("shutoff", "crashed"));
  assert.equal((await state("transient")).state, "running");
  assert.equal(await b.do("isPersistent", { domain: { name: "transient" } }), false);
  assert.equal(await b.do("xml", { domain: { name: "runs" }, secure: true }), xml);
  while ((await state("off")).state !== "shutoff") await new Promise(setImmediate);
  assert.deepEqual(await state("off"), domainState("shutoff", "shutdown"));
  await b.do("destroy", { domain: { name: "transient" } });
  await assert.rejects(b.do("lookup", { domain: { name: "transient" } }));
  const { id } = await b.do("start", { domain: { name: "dies" } });
  assert.ok(id !== undefined && id > 5, `id ${id} was used before`);
});

test("driver: a console carries bytes both ways, to one client at a time", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a", code: ECHO });
  await b.do("start", { domain: { name: "a" } });
  const first = await b.do("openConsole", { domain: { name: "a" } });
  let heard = "";
  first.on("data", (piece) => (heard += String(piece)));
  const typing = setInterval(() => first.write("x"), 50);
  while (!heard.includes("x")) await once(first, "data");
  clearInterval(typing);
  const thrownOut = once(first, "error");
  await assert.rejects(
    b.do("openConsole", { domain: { name: "a" } }),
    /Active console session exists for this domain/,
  );
  const second = await b.do("openConsole", { domain: { name: "a" }, force: true });
  const [why] = await thrownOut;
  assert.match(String(why), /stream had I\/O failure/);
  const closed = once(second, "close");
  await b.do("destroy", { domain: { name: "a" } });
  await closed;
});

test("driver: a domain tied to its client goes with it", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.do("create", { xml: b.xmlOf({ name: "tied" }), autodestroy: true });
  b.disconnect();
  await b.until(() => b.life("tied").includes("stopped destroyed"));
  assert.deepEqual(await b.do("list", {}), []);
});

test("driver: autostart happens once per boot of the host", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "auto" });
  await b.do("setAutostart", { domain: { name: "auto" }, autostart: true });
  await b.driver.close();
  await b.start();
  assert.deepEqual(b.pids(), [], "this boot's autostart was done when nothing was marked");
  await b.driver.close();
  rmSync(b.paths.autostarted);
  await b.start();
  assert.deepEqual(
    await b.do("state", { domain: { name: "auto" } }),
    domainState("running", "booted"),
  );
});
