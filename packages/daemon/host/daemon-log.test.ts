import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { DaemonLog } from "./daemon-log.ts";

function made(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), "vireo-log-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "log");
  const read = (): readonly string[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line) => [...(/"msg":"([^"]*)"/.exec(line) ?? [])].slice(1));
  return { log: new DaemonLog("warn"), file, read };
}

test("log: an output takes what is of its priority and above", (t) => {
  const { log, file, read } = made(t);
  log.setOutputs(`4:file:${file}`);
  assert.deepEqual(log.outputs, { text: `4:file:${file}`, count: 1 });
  log.logger.warn("not this");
  log.logger.error("this");
  assert.deepEqual(read(), ["this"]);
});

test("log: a filter has a priority of its own for lines with its words", (t) => {
  const { log, file, read } = made(t);
  log.setOutputs(`1:file:${file}`);
  log.setFilters("1:qe*u 4:noise");
  assert.deepEqual(log.filters, { text: "1:*qe*u* 4:*noise*", count: 2 });
  log.logger.debug("of qemu");
  log.logger.debug("of another");
  log.logger.warn("noise");
  log.logger.warn("a warning");
  log.setFilters("");
  log.logger.debug("of qemu again");
  assert.deepEqual(read(), ["of qemu", "a warning"]);
});

test("log: a setting that is not right changes nothing and is refused in libvirt's words", (t) => {
  const { log, file } = made(t);
  log.setOutputs(`4:file:${file}`);
  const refuse = (text: string, words: RegExp): void =>
    assert.throws(() => log.setOutputs(text), words);
  refuse("bad", /Malformed format for log output 'bad'/);
  refuse("7:stderr", /Invalid log priority '7' for log output '7:stderr'/);
  refuse("1:stderr 1:nosuch", /Invalid log destination 'nosuch' for log output '1:nosuch'/);
  refuse("1:file:/nosuch/dir/log", /Cannot write the log to '\/nosuch\/dir\/log'/);
  assert.throws(() => log.setFilters("9:x"), /Invalid priority '9' for filter '9:x'/);
  assert.throws(() => log.setFilters("x"), /Malformed format for filter 'x'/);
  assert.equal(log.outputs.text, `4:file:${file}`);
  assert.equal(log.filters.count, 0);
  log.setOutputs("");
  assert.equal(log.outputs.text, "3:stderr");
});
