import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

test("autostart: once after each boot of the host, not after each start of vireod", async (t) => {
  const vireod = await Vireod.started();
  const directory = mkdtempSync(join(tmpdir(), "vireo-autostart-"));
  t.after(async () => {
    await vireod.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
  const names = (): Promise<string> => ok("list", "--name");
  for (const name of ["wanted", "other"]) {
    const path = join(directory, `${name}.xml`);
    writeFileSync(path, emptyXml(name));
    await ok("define", path);
  }
  await ok("autostart", "wanted");
  await vireod.end();

  await t.test("a restart starts nothing", async () => {
    await vireod.start();
    assert.equal(await names(), "");
    await vireod.end();
  });

  await t.test("a boot, which empties the run directory, starts what is marked", async () => {
    rmSync(join(vireod.root, "run"), { recursive: true });
    await vireod.start();
    assert.equal(await names(), "wanted");
    await ok("suspend", "wanted"); // has its turn when the start is over, and needs a QEMU that answers
  });

  await t.test("what the administrator stops stays off", async () => {
    await ok("destroy", "wanted");
    await vireod.end("SIGKILL");
    await vireod.start();
    assert.equal(await names(), "");
  });
});
