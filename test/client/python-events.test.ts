import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Conversation } from "../harness/conversation.ts";
import { startDaemon } from "../harness/daemon.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";

const SCRIPT = join(import.meta.dirname, "python-events.py");
const ANSWER_MS = 10_000;

/** What a domain's life is in numbers: event and detail. */
const LIFE = {
  defined: "0 0",
  started: "2 0",
  suspended: "3 0",
  resumed: "4 0",
  shutdownBySignal: "6 2",
  stopped: "5 1",
  undefined: "1 0",
};

test("python3-libvirt: its event loop receives a domain's whole life, in order", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-python-"));
  const xml = join(directory, "one.xml");
  writeFileSync(xml, emptyXml("one"));
  const expected = [
    LIFE.defined,
    LIFE.resumed, // libvirt tells that the CPUs run before it tells that the domain started
    LIFE.started,
    LIFE.suspended,
    LIFE.resumed,
    LIFE.stopped,
    LIFE.undefined,
  ];
  const python = spawn("/usr/bin/python3", [SCRIPT, daemon.uri], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(async () => {
    python.kill("SIGKILL");
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const events = new Conversation(python.stdout, python.stdin);
  await events.expect(/^listening alive=1 type=QEMU$/m, ANSWER_MS);

  await virshOk(daemon.uri, "define", xml);
  for (const command of ["start", "suspend", "resume", "destroy", "undefine"])
    await virshOk(daemon.uri, command, "one");
  const heard: (string | undefined)[] = [];
  while (heard.length < expected.length) {
    const [, event] = await events.expect(/^lifecycle one (\d+ \d+)$/m, ANSWER_MS);
    // libvirtd ends QEMU by SIGTERM, of which QEMU tells; whoever kills it at once has nothing to tell.
    if (event !== LIFE.shutdownBySignal) heard.push(event);
  }
  assert.deepEqual(heard, expected);
  python.stdin.end();
  const [status] = await once(python, "exit", { signal: AbortSignal.timeout(ANSWER_MS) });
  assert.equal(status, 0);
});
