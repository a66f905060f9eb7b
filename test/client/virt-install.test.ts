import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { buildGuest } from "../guest/build-guest.ts";
import { run } from "../harness/run.ts";
import { endTerminal, ESCAPE } from "../harness/terminal.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const INSTALL_MS = 60_000;
const BOOT_MS = 30_000;

test("virt-install: makes a domain of its own design, which boots", async (t) => {
  const daemon = await startDaemon();
  t.after(() => daemon.cleanUp());
  const { kernel, initrd, cmdline } = buildGuest();
  const options =
    "--name made --memory 128 --vcpus 1 --virt-type qemu --disk none --network user --graphics vnc " +
    "--osinfo detect=off,require=off --import --noautoconsole";
  const { status, stderr } = await run(
    "/usr/bin/virt-install",
    [
      "--connect",
      daemon.uri,
      ...options.split(" "),
      "--boot",
      `kernel=${kernel},initrd=${initrd},kernel_args="${cmdline}"`,
    ],
    { timeoutMs: INSTALL_MS },
  );
  assert.equal(status, 0, stderr);
  assert.match(await virshOk(daemon.uri, "list"), /^ 1\s+made\s+running$/m);
  assert.match(await virshOk(daemon.uri, "vncdisplay", "made"), /^:\d+$/);
  const console = virshInTerminal(daemon.uri, ["console", "made"]);
  console.conversation.say("\n");
  await console.conversation.expect(/vireo-guest|\/ # /, BOOT_MS);
  await endTerminal(console, ESCAPE);
  await virshOk(daemon.uri, "destroy", "made");
  await virshOk(daemon.uri, "undefine", "made");
});
