/** Debian's real guest agent, asked by the real virsh. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isReference } from "../harness/daemon.ts";
import { virsh } from "../harness/virsh.ts";
import { agentInitrd } from "./agent-initrd.ts";
import { bootGuest } from "./booted-guest.ts";

const initrd = agentInitrd();
const skip = initrd === undefined ? "no qemu-ga to pack: run tools/setup.sh test" : false;
const DISK_BYTES = 32 * 1024 * 1024;
const SEEN_MS = 15_000;

const devices = (disk: string): string => `<disk type='file'><driver name='qemu' type='raw'/>
  <source file='${disk}'/><target dev='vda' bus='virtio'/></disk>
  <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices>`;

test("guest agent: what the guest tells and does", { skip }, async (t) => {
  const { uri, console, ok, directory } = await bootGuest(t, (xml, at) => {
    const disk = join(at, "disk.img");
    writeFileSync(disk, Buffer.alloc(DISK_BYTES));
    return xml
      .replace(/<initrd>.*<\/initrd>/, `<initrd>${initrd}</initrd>`)
      .replace("<vcpu>1</vcpu>", "<vcpu>2</vcpu>")
      .replace("<on_poweroff>", "<pm><suspend-to-disk enabled='no'/></pm><on_poweroff>")
      .replace("</devices>", devices(disk));
  });
  const { conversation } = console;
  const refused = async (...args: readonly string[]): Promise<string> =>
    (await virsh(uri, args)).stderr;

  await t.test("its name, system, file systems and addresses", async () => {
    assert.equal((await ok("domhostname", "hello")).trim(), "vireo-guest");
    const told = await ok("guestinfo", "hello");
    assert.match(told, /^os\.id +: vireo-guest$/m);
    assert.match(told, /^fs\.0\.mountpoint +: \/mnt$/m);
    assert.match(told, /^fs\.0\.disk\.0\.alias +: vda$/m);
    assert.match(told, /^if\.0\.name +: lo$/m);
    assert.match(await ok("domfsinfo", "hello"), /^ \/mnt +vda +ext4 +vda$/m);
    assert.match(
      await ok("domifaddr", "hello", "--source", "agent"),
      /eth0 .* ipv4 +10\.0\.2\.15\/24/,
    );
  });

  await t.test("a frozen file system takes no writes until it is thawed", async () => {
    assert.match(await ok("domfsfreeze", "hello"), /Froze 1 filesystem/);
    conversation.say('(echo x >/mnt/file; echo "written $((1 + 1))") &\n');
    conversation.say("cat /sys/block/vda/size; echo still frozen\n");
    await conversation.expect(/^still frozen/m, SEEN_MS);
    assert.match(await ok("domfsthaw", "hello"), /Thawed 1 filesystem/);
    await conversation.expect(/written 2/, SEEN_MS);
    assert.match(
      await refused("domfsthaw", "hello", "--mountpoint", "/mnt"),
      /argument unsupported: specifying mountpoints is not supported/,
    );
  });

  await t.test("vCPUs leave and come back", async () => {
    assert.match(await ok("guestvcpus", "hello"), /^online +: 0-1$/m);
    await ok("guestvcpus", "hello", "--disable", "--cpulist", "1");
    conversation.say('echo "$(nproc) in use"\n');
    await conversation.expect(/^1 in use/m, SEEN_MS);
    await ok("guestvcpus", "hello", "--enable", "--cpulist", "1");
    assert.equal((await ok("vcpucount", "hello", "--guest")).trim(), "2");
    await ok("setvcpus", "hello", "1", "--guest");
    assert.equal((await ok("vcpucount", "hello", "--guest")).trim(), "1");
    await ok("setvcpus", "hello", "2", "--guest");
    assert.match(await ok("guestvcpus", "hello"), /^online +: 0-1$/m);
    assert.match(
      await refused("setvcpus", "hello", "3", "--guest"),
      /requested vcpu count is greater than the count of enabled vcpus in the domain: 3 > 2/,
    );
    assert.match(
      await refused("guestvcpus", "hello", "--disable", "--cpulist", "0"),
      /Operation not supported: vCPU '0' is not offlinable/,
    );
    assert.match(
      await refused("guestvcpus", "hello", "--enable", "--cpulist", "7"),
      /invalid argument: guest is missing vCPUs '7'/,
    );
  });

  await t.test("keys, clock, and commands as they stand", async () => {
    const keys = join(directory, "keys");
    writeFileSync(keys, "ssh-ed25519 AAAA finch\n");
    await ok("set-user-sshkeys", "hello", "root", "--file", keys);
    assert.match(await ok("get-user-sshkeys", "hello", "root"), /^ssh-ed25519 AAAA finch$/m);
    const seconds = Number(/Time: (\d+)/.exec(await ok("domtime", "hello"))?.[1]);
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
    assert.equal(
      (await ok("qemu-agent-command", "hello", '{"execute":"guest-ping"}')).trim(),
      '{"return":{}}',
    );
    assert.match(
      await refused("qemu-agent-command", "hello", '{"execute":"nope"}'),
      /unable to execute QEMU agent command 'nope': The command nope has not been found/,
    );
    assert.match(
      await ok("dominfo", "hello"),
      /tainted: custom guest agent control commands issued/,
    );
  });

  await t.test("an agent that is stopped is told so in time, and delays nobody", async () => {
    await ok("guest-agent-timeout", "hello", "--timeout", "1");
    conversation.say("kill -STOP $(cat /run/qemu-ga.pid); echo agent stopped\n");
    await conversation.expect(/^agent stopped/m, SEEN_MS);
    const silent = refused("domhostname", "hello");
    const begin = performance.now();
    await ok("dominfo", "hello");
    if (!isReference) assert.ok(performance.now() - begin < 900, "a read waited for the agent");
    assert.match(await silent, /Guest agent is not responding: Guest agent not available for now/);
    conversation.say("kill -CONT $(cat /run/qemu-ga.pid); echo agent goes on\n");
    await conversation.expect(/^agent goes on/m, SEEN_MS);
    assert.equal((await ok("domhostname", "hello")).trim(), "vireo-guest");
  });

  await t.test("it sleeps and is woken", async () => {
    assert.match(
      await refused("dompmsuspend", "hello", "disk"),
      /S4 state is disabled for this domain/,
    );
    await ok("dompmsuspend", "hello", "mem");
    await ok("dompmwakeup", "hello");
    // the console's UART does not come back in this guest; its agent does
    const end = performance.now() + SEEN_MS;
    while ((await refused("domhostname", "hello")) !== "" && performance.now() < end);
    assert.equal((await ok("domhostname", "hello")).trim(), "vireo-guest");
  });
});
