import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Conversation } from "../harness/conversation.ts";
import { run } from "../harness/run.ts";
import { buildGuest } from "./build-guest.ts";

const UUID = "0f0e0d0c-0b0a-4908-8706-050403020100";

test("guest: the archive is one that cpio reads, and the same each time", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-guest-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const kept = readFileSync(buildGuest().initrd);
  assert.deepEqual(readFileSync(buildGuest(directory).initrd), kept);
  const { status, stdout } = await run("sh", [
    "-c",
    'gzip -dc "$0" | busybox cpio -it',
    buildGuest().initrd,
  ]);
  assert.equal(status, 0);
  assert.match(stdout, /^lib\/modules\/virtio_net\.ko$/m);
});

test("guest: boots in bare QEMU, reports itself, answers, powers off by ACPI", async (t) => {
  const guest = buildGuest();
  const directory = mkdtempSync(join(tmpdir(), "vireo-guest-"));
  const monitor = join(directory, "qmp");
  const qemu = spawn(
    "qemu-system-x86_64",
    [
      ..."-nodefaults -display none -machine q35,accel=tcg -m 128 -serial stdio".split(" "),
      ..."-netdev user,id=net0 -device virtio-net-pci,netdev=net0 -uuid".split(" "),
      UUID,
      "-qmp",
      `unix:${monitor},server=on,wait=off`,
      "-kernel",
      guest.kernel,
      "-initrd",
      guest.initrd,
      "-append",
      guest.cmdline,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  t.after(() => {
    qemu.kill("SIGKILL");
    rmSync(directory, { recursive: true });
  });
  const serial = new Conversation(qemu.stdout, qemu.stdin);
  await serial.expect(/Hello from a Vireo guest/, 60_000);
  const [, uuid, memory, cpus] = await serial.expect(
    /vireo-guest ready uuid=(\S+) memory=(\d+)kB cpus=(\d+)/,
    10_000,
  );
  assert.deepEqual([uuid, cpus], [UUID, "1"]);
  assert.ok(Number(memory) > 80_000, `memory=${memory}`);
  await serial.ask("echo $((6*7))", /^42\r?$/m, 5000);
  await serial.expect(/vireo-guest lease name=eth0 address=10\.0\.2\.15/, 10_000);

  const qmp = connect(monitor);
  qmp.write('{"execute":"qmp_capabilities"}{"execute":"system_powerdown"}');
  const [code] = await once(qemu, "exit", { signal: AbortSignal.timeout(10_000) });
  assert.equal(code, 0);
  qmp.destroy();
});
