/** The administrator's scripts about the daemon itself. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
