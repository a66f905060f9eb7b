/** Firmware chosen for a domain that only says that it wants UEFI. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const XML = `<domain type='qemu'>
  <name>efi</name>
  <memory unit='MiB'>128</memory>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/></features>
</domain>`;
const OVMF = "/usr/share/qemu/firmware/60-edk2-x86_64.json";

test("uefi: the host's firmware is chosen, its variables are kept until the domain goes", {
  skip: existsSync(OVMF) ? false : "no firmware descriptors: package ovmf",
}, async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-uefi-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "efi.xml");
  writeFileSync(path, XML);
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  await ok("define", path);
  await ok("start", "efi");
  const live = await ok("dumpxml", "efi");
  assert.match(live, /<loader readonly='yes'[^>]* type='pflash'>.*OVMF_CODE.*\.fd</);
  const store = /<nvram [^>]*>([^<]+)</.exec(live)?.[1] ?? "";
  assert.ok(existsSync(store), `no variable store at '${store}'`);
  assert.doesNotMatch(await ok("dumpxml", "efi", "--inactive"), /<loader/);
  await ok("destroy", "efi");
  const refused = await virsh(daemon.uri, ["undefine", "efi"]);
  assert.match(refused.stderr, /cannot undefine domain with nvram/);
  await ok("undefine", "efi", "--nvram");
  assert.ok(!existsSync(store));
});
