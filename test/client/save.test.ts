/** Real virsh saves a real guest and brings it back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

test("save: virsh managedsave, start, save, save-image-dumpxml, restore", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-save-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  const path = join(directory, "s.xml");
  writeFileSync(path, emptyXml("s"));
  await ok("define", path);
  await ok("start", "s");
  await ok("managedsave", "s");
  assert.match(await ok("domstate", "s", "--reason"), /shut off \(saved\)/);
  assert.match(await ok("dominfo", "s"), /Managed save:\s+yes/);
  assert.match(await ok("list", "--all", "--with-managed-save", "--name"), /^s$/m);
  assert.match(await ok("managedsave-dumpxml", "s"), /<name>s<\/name>/);
  await ok("start", "s");
  assert.match(await ok("domstate", "s", "--reason"), /running \(restored\)/);
  await ok("managedsave", "s", "--paused");
  await ok("managedsave-remove", "s");
  await ok("start", "s", "--force-boot");
  assert.match(await ok("domstate", "s", "--reason"), /running \(booted\)/);
  const image = join(directory, "image");
  await ok("save", "s", image, "--paused");
  assert.match(await ok("save-image-dumpxml", image), /<name>s<\/name>/);
  await ok("restore", image, "--running");
  assert.match(await ok("domstate", "s", "--reason"), /running \(restored\)/);
  const again = await virsh(daemon.uri, ["restore", image]);
  assert.match(again.stderr, /domain 's' is already active/);
});
