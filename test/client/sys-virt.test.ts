import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";

const SCRIPT = join(import.meta.dirname, "sys-virt.pl");

test("Sys::Virt: connects, runs a domain, gets libvirt's errors", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-perl-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const xml = join(directory, "one.xml");
  writeFileSync(xml, emptyXml("one"));
  const { status, stdout, stderr } = await run("perl", [SCRIPT, daemon.uri, xml]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "type QEMU",
    "alive 1",
    "state 3 1",
    "memory 16384 cpus 1",
    "names one",
    "error 42 10 Domain not found: no domain with matching name 'nosuch'",
  ]);
});
