/** The administrator's scripts about the daemon itself. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";

function install({ root }: Vireod, script: string): string {
  const log = join(root, "told");
  const path = join(root, "etc/hooks/daemon");
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "$*" >>${log}\n${script}\n`);
  chmodSync(path, 0o755);
  return log;
}

test("hooks: the daemon's own start and shutdown are told", async (t) => {
  const vireod = new Vireod();
  t.after(() => vireod.cleanUp());
  const log = install(vireod, "exit 0");
  await vireod.start();
  await virshOk(vireod.uri, "list");
  await vireod.end("SIGTERM");
  const told = readFileSync(log, "utf8").trimEnd().split("\n");
  assert.deepEqual(told, ["- start - start", "- shutdown - shutdown"]);
});

test("hooks: one that refuses keeps the daemon from starting, with its words", async (t) => {
  const vireod = new Vireod();
  t.after(() => vireod.cleanUp());
  install(vireod, 'echo "not on this host" >&2; exit 1');
  await assert.rejects(vireod.start(), /not on this host/);
});

test("hooks: SIGHUP is told as a reload, and the daemon serves on", async (t) => {
  const vireod = new Vireod();
  t.after(() => vireod.cleanUp());
  const log = install(vireod, "exit 0");
  await vireod.start();
  process.kill(vireod.pid, "SIGHUP");
  while (!readFileSync(log, "utf8").includes("reload")) await virshOk(vireod.uri, "list");
  await vireod.end("SIGTERM");
  const told = readFileSync(log, "utf8").trimEnd().split("\n");
  assert.deepEqual(told, ["- start - start", "- reload begin SIGHUP", "- shutdown - shutdown"]);
});

test("hooks: --hooks names another directory, as libvirtd's own", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-hooks-"));
  const vireod = new Vireod(undefined, ["--hooks", directory]);
  t.after(async () => {
    await vireod.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const log = join(directory, "told");
  writeFileSync(join(directory, "daemon"), `#!/bin/sh\necho "$0 $*" >>${log}\n`, { mode: 0o755 });
  await vireod.start();
  assert.equal(readFileSync(log, "utf8"), `${directory}/daemon - start - start\n`);
});
