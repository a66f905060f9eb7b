import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { IDLE } from "./boot-disk.ts";
import { bench } from "./test-bench.ts";

const domain = { name: "a" };
/** Stores the processor's time at its start, which no second boot would find again. */
const NOTE_TIME = [0x31, 0xc0, 0x8e, 0xd8, 0x0f, 0x31, 0x66, 0xa3, 0x10, 0x7e, ...IDLE];
const NOTED = "xp /1wx 0x7e10";

test("save: a managed save ends the domain, and its start goes on from there", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a", code: NOTE_TIME });
  await b.do("start", { domain });
  const look = () => b.do("monitorCommand", { domain, command: NOTED, human: true });
  let before = await look();
  while (/0x0+\s*$/.test(before)) before = await look(); // until it has booted
  await b.do("managedSave", { domain });
  const image = join(b.paths.save, "a.save");
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "saved"));
  assert.deepEqual(b.pids(), []);
  assert.equal(await b.do("hasManagedSave", { domain }), true);
  assert.match(await b.do("managedSaveXml", { domain }), /<name>a<\/name>/);
  await assert.rejects(b.do("undefine", { domain }), /managed save image exists/);
  await assert.rejects(b.do("rename", { domain, name: "b" }), /managed saved state/);
  await b.do("start", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "restored"));
  assert.equal(await look(), before);
  assert.equal(existsSync(image), false);
  assert.deepEqual(b.life("a").slice(3), [
    "suspended paused",
    "stopped saved",
    "started restored",
    "resumed fromSnapshot",
  ]);
});

test("save: a daemon that dies once the image is written leaves the image, not the guest", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  await b.do("start", { domain });
  await b.do("managedSave", { domain });
  const image = join(b.paths.save, "a.save");
  const copy = join(b.paths.save, "copy");
  copyFileSync(image, copy);
  await b.do("start", { domain, paused: true });
  await b.driver.close();
  copyFileSync(copy, image);
  await b.start();
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "saved"));
  assert.deepEqual(b.pids(), []);
  assert.equal(await b.do("hasManagedSave", { domain }), true);
  await b.do("start", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "restored"));
});

test("save: a damaged image is refused and kept; a forced boot discards it", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  await b.do("start", { domain });
  await b.do("managedSave", { domain, paused: true });
  const image = join(b.paths.save, "a.save");
  const whole = join(b.paths.save, "copy");
  copyFileSync(image, whole);
  truncateSync(image, readFileSync(image).length - 1);
  await assert.rejects(b.do("start", { domain }), /its length is not what its header says/);
  const newer = readFileSync(whole);
  newer.writeUInt32LE(3, 8);
  writeFileSync(image, newer);
  await assert.rejects(b.do("start", { domain }), /image version is not supported/);
  assert.equal(existsSync(image), true);
  await b.do("start", { domain, forceBoot: true });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "booted"));
  assert.equal(existsSync(image), false);
  await b.do("destroy", { domain });
  await b.do("undefine", { domain });
  await b.do("restore", { path: whole });
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
  assert.equal(await b.do("isPersistent", { domain }), false);
  assert.equal(existsSync(whole), true);
});

test("save: a file that cannot be written lets the guest go on", { timeout: 60_000 }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  await b.do("start", { domain });
  await assert.rejects(
    b.do("save", { domain, path: join(b.paths.lib, "nowhere/file") }),
    (error) => isError(error, "systemError") && /No such file or directory/.test(error.message),
  );
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "saveCanceled"));
  const path = join(b.paths.lib, "file");
  await b.do("save", { domain, path }); // QEMU is ready to try again
  assert.match(await b.do("saveImageXml", { path }), /<name>a<\/name>/);
});

const AGENT =
  "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>";
const SCREEN = "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>";

test("save: sockets and ports that the daemon chose for a run are not kept with its memory", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a", devices: `${AGENT}${SCREEN}` });
  await b.do("start", { domain });
  const path = join(b.paths.lib, "file");
  await b.do("save", { domain, path });
  const kept = await b.do("saveImageXml", { path });
  assert.match(kept, /port='-1'/);
  assert.doesNotMatch(kept, /<source mode='bind'/);
  await b.do("restore", { path });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "restored"));
  assert.match(await b.do("xml", { domain }), /<source mode='bind' path='[^']+guest_agent/);
  // nor with a definition that is written from what runs
  await b.do("define", { xml: await b.do("xml", { domain }) });
  await b.do("destroy", { domain });
  await b.do("start", { domain });
});
