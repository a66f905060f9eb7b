/** Disks that are missing at start; with VIREO_TEST_DAEMON=libvirtd the same against the real daemon. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

test("startup policy: what may be missing leaves, what must be there stops the start", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-missing-"));
  t.after(async () => {
    await virsh(daemon.uri, ["destroy", "policy"]);
    await daemon.cleanUp();
    rmSync(directory, { recursive: true, force: true });
  });
  const [here, gone, file] = ["here", "gone", "domain.xml"].map((name) => join(directory, name));
  assert.ok(here !== undefined && gone !== undefined && file !== undefined);
  writeFileSync(here, Buffer.alloc(1 << 20));
  const disk = (dev: string, device: string, [path, policy]: readonly [string, string]): string =>
    `<disk type='file' device='${device}'><driver name='qemu' type='raw'/>
     <source file='${path}' startupPolicy='${policy}'/><target dev='${dev}' bus='ide'/></disk>`;
  const define = async (...disks: readonly string[]): Promise<void> => {
    const xml = emptyXml("policy").replace("<devices>", `<devices>${disks.join("")}`);
    writeFileSync(file, xml);
    await virshOk(daemon.uri, "define", file);
  };
  await define(
    disk("hda", "disk", [here, "optional"]),
    disk("hdb", "disk", [gone, "optional"]),
    disk("hdc", "cdrom", [gone, "optional"]),
  );
  await virshOk(daemon.uri, "start", "policy");
  const list = await virshOk(daemon.uri, "domblklist", "policy");
  assert.match(list, /hda +\/.*here\n hdc +-$/m);
  assert.match(await virshOk(daemon.uri, "domblklist", "policy", "--inactive"), /hdb +\/.*gone/);
  await virshOk(daemon.uri, "destroy", "policy");
  await virshOk(daemon.uri, "undefine", "policy");
  for (const policy of ["mandatory", "requisite"]) {
    await define(disk("hda", "cdrom", [gone, policy]));
    const { status, stderr } = await virsh(daemon.uri, ["start", "policy"]);
    assert.notEqual(status, 0);
    assert.match(stderr, /Cannot access storage file '.*gone'.*: No such file or directory/);
    await virshOk(daemon.uri, "undefine", "policy");
  }
});
