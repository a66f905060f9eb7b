/** The verdicts, told from emulators of our own: what KVM does here is for the probe itself to find out. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { probeKvm, type KvmVerdict } from "./kvm-probe.ts";

/** What is concluded when the emulator does as `script` says. */
function verdict(t: TestContext, script: string, { kernel = true } = {}): Promise<KvmVerdict> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-kvm-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const binary = join(dir, "emulator");
  writeFileSync(binary, `#!/bin/sh\n${script}\n`);
  chmodSync(binary, 0o755);
  if (kernel) writeFileSync(join(dir, "vmlinuz-1"), "");
  return probeKvm(binary, { device: "/dev/null", kernelDirectory: dir, cpuLimitMs: 300 });
}

test("kvm probe: a Linux that speaks proves it, whatever it does next", async (t) => {
  const { works } = await verdict(
    t,
    "echo 'SeaBIOS'; echo '[0.0] Linux version 6.1'; exec sleep 60",
  );
  assert.equal(works, true);
});

test("kvm probe: firmware alone proves nothing when there is a kernel to try", async (t) => {
  const { works, reason } = await verdict(t, "echo SeaBIOS; while :; do :; done");
  assert.equal(works, false);
  assert.match(reason, /vmlinuz-1.*did not speak/);
});

test("kvm probe: without a kernel, running is all that can be asked", async (t) => {
  const { works, reason } = await verdict(t, "while :; do :; done", { kernel: false });
  assert.equal(works, true);
  assert.match(reason, /no kernel in/);
});

test("kvm probe: an emulator that ends has the last word", async (t) => {
  const { works, reason } = await verdict(t, "echo 'first' >&2; echo 'no permission' >&2; exit 1");
  assert.equal(works, false);
  assert.equal(reason, "QEMU ended under KVM: no permission");
});

test("kvm probe: no device, no KVM, and nothing is started", async () => {
  const { works, reason } = await probeKvm("/bin/nosuch", { device: "/dev/nosuch" });
  assert.equal(works, false);
  assert.match(reason, /\/dev\/nosuch cannot be opened/);
});
