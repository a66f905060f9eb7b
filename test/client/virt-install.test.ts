import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { buildGuest } from "../guest/build-guest.ts";
import { run } from "../harness/run.ts";
import { endTerminal, ESCAPE } from "../harness/terminal.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const INSTALL_MS = 60_000;
const BOOT_MS = 30_000;
/** A whole installer of 30 MB, unpacked without KVM. */
const INSTALLER_BOOT_MS = 120_000;
const INSTALLER = "/usr/lib/debian-installer/images/12/amd64/text";

const OPTIONS =
  "--vcpus 1 --virt-type qemu --network user --osinfo detect=off,require=off --noautoconsole";

/** A daemon, a directory for images, and virtinst's programs on them. */
async function virtinst(t: TestContext) {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-virtinst-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const program = async (name: string, line: string): Promise<string> => {
    const all = ["--connect", daemon.uri, ...line.split(" ")];
    const { status, stdout, stderr } = await run(`/usr/bin/${name}`, all, {
      timeoutMs: INSTALL_MS,
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    return stdout;
  };
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  return { uri: daemon.uri, directory, program, ok };
}

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
  assert.match(await virshOk(daemon.uri, "vncdisplay", "made"), /^127\.0\.0\.1:\d+$/);
  const console = virshInTerminal(daemon.uri, ["console", "made"]);
  console.conversation.say("\n");
  await console.conversation.expect(/vireo-guest|\/ # /, BOOT_MS);
  await endTerminal(console, ESCAPE);
  await virshOk(daemon.uri, "destroy", "made");
  await virshOk(daemon.uri, "undefine", "made");
});

test("virt-install, virt-xml, virt-clone: make, change and copy a domain with its disk", async (t) => {
  const { directory, program, ok } = await virtinst(t);
  const disk = `path=${join(directory, "first.qcow2")},size=0.01`;
  const made = `--name first --memory 64 --disk ${disk} --import --graphics none`;
  await program("virt-install", `${made} ${OPTIONS}`);
  assert.match(await ok("list", "--name"), /^first$/m);
  await ok("destroy", "first");

  await program("virt-xml", "first --edit --memory 96");
  assert.match(await ok("dominfo", "first"), /^Max memory: +98304 KiB$/m);
  const second = `${join(directory, "second.qcow2")},size=0.01,target.dev=vdb,bus=virtio`;
  await program("virt-xml", `first --add-device --disk ${second}`);
  assert.match(await ok("domblklist", "first"), /vdb +.*second\.qcow2/);
  await program("virt-xml", "first --remove-device --disk target=vdb");
  assert.doesNotMatch(await ok("domblklist", "first"), /vdb/);

  await program("virt-clone", "--original first --name copy --auto-clone");
  assert.match(await ok("domblklist", "copy"), /copy\.qcow2/);
  const [uuid, other] = await Promise.all([ok("domuuid", "first"), ok("domuuid", "copy")]);
  assert.notEqual(uuid, other);
  await ok("start", "copy");
  await ok("destroy", "copy");
});

test("virt-install --location: Debian's own installer comes up", {
  skip: existsSync(INSTALLER) ? false : "debian-installer-12-netboot-amd64 is not installed",
}, async (t) => {
  const { uri, program, ok } = await virtinst(t);
  const files = "kernel=debian-installer/amd64/linux,initrd=debian-installer/amd64/initrd.gz";
  const location = `--location ${INSTALLER},${files} --extra-args console=ttyS0`;
  const made = `--name installer --memory 512 --disk none --graphics none ${location}`;
  await program("virt-install", `${made} ${OPTIONS}`);
  const console = virshInTerminal(uri, ["console", "installer"]);
  await console.conversation.expect(/Starting system log daemon/, INSTALLER_BOOT_MS);
  await endTerminal(console, ESCAPE);
  // only the first start is the installer's
  assert.match(await ok("dumpxml", "installer"), /<kernel>/);
  assert.doesNotMatch(await ok("dumpxml", "--inactive", "installer"), /<kernel>/);
  await ok("destroy", "installer");
});
