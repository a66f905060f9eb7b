/** The main job through the real virsh: define, boot, watch, talk to and stop a real Linux guest in real QEMU. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { emptyXml, helloXml } from "../harness/domain-xml.ts";
import { endTerminal, ESCAPE, INTERRUPT } from "../harness/terminal.ts";
import { virsh, virshInTerminal, virshOk } from "../harness/virsh.ts";

const UUID = "0f0e0d0c-0b0a-4908-8706-050403020100";
const READY = /vireo-guest ready uuid=(\S+) memory=(\d+)kB cpus=(\d+)/;
const BOOT_MS = 30_000;
const ANSWER_MS = 5000;
const EVENT_MS = 10_000;

test("virsh: the main job, end to end", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-virsh-"));
  const daemon = await startDaemon();
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  const file = (name: string, xml: string): string => {
    const path = join(directory, `${name}.xml`);
    writeFileSync(path, xml);
    return path;
  };
  const events = virshInTerminal(daemon.uri, ["event", "--all", "--loop"]);
  t.after(async () => {
    await endTerminal(events, INTERRUPT);
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const lifecycle = (text: string): Promise<RegExpExecArray> =>
    events.conversation.expect(
      new RegExp(`event 'lifecycle' for domain '?hello'?: ${text}`),
      EVENT_MS,
    );

  await t.test("define, list --all, start", async () => {
    const hello = file("hello", helloXml({ uuid: UUID }));
    assert.equal(await ok("define", hello), `Domain 'hello' defined from ${hello}`);
    assert.match(await ok("list", "--all"), /^ -\s+hello\s+shut off$/m);
    assert.equal(await ok("domuuid", "hello"), UUID);
    assert.equal(await ok("start", "hello"), "Domain 'hello' started");
    assert.match(await ok("list"), /^ 1\s+hello\s+running$/m);
    await lifecycle("Started Booted");
  });

  await t.test("console: the guest reports itself, answers, and reboots", async () => {
    const console = virshInTerminal(daemon.uri, ["console", "hello"]);
    const { conversation } = console;
    await conversation.expect(/Connected to domain 'hello'/, ANSWER_MS);
    conversation.say("\n");
    const [, uuid, memory, cpus] = await conversation.expect(READY, BOOT_MS);
    assert.deepEqual([uuid, cpus], [UUID, "1"]);
    assert.ok(Number(memory) > 80_000);
    await conversation.expect(/# /, ANSWER_MS);
    await conversation.ask("echo $((6 * 7))", /^42\r?$/m, ANSWER_MS);
    assert.match(await ok("reboot", "hello"), /^Domain 'hello' is being rebooted$/);
    await conversation.expect(READY, BOOT_MS);
    await events.conversation.expect(/event 'reboot' for domain '?hello'?/, EVENT_MS);
    assert.match(await ok("list"), /^ 1\s+hello\s+running$/m);
    await endTerminal(console, ESCAPE);
    assert.equal(console.process.exitCode, 0);
  });

  await t.test("dominfo, domstate and the forms of dumpxml", async () => {
    const info = await ok("dominfo", "hello");
    for (const line of [
      /^Id: +1$/m,
      /^Name: +hello$/m,
      new RegExp(`^UUID: +${UUID}$`, "m"),
      /^OS Type: +hvm$/m,
      /^State: +running$/m,
      /^CPU\(s\): +1$/m,
      /^CPU time: +\d+\.\d+s$/m,
      /^Max memory: +131072 KiB$/m,
      /^Persistent: +yes$/m,
      /^Autostart: +disable$/m,
    ])
      assert.match(info, line);
    assert.equal(await ok("domstate", "hello", "--reason"), "running (booted)");
    const [live, inactive, secure] = await Promise.all([
      ok("dumpxml", "hello"),
      ok("dumpxml", "hello", "--inactive"),
      ok("dumpxml", "hello", "--security-info"),
    ]);
    assert.match(live, /^<domain type='qemu' id='1'>/);
    assert.match(live, /<source path='\/dev\/pts\/\d+'\/>/);
    assert.match(live, /<alias name='serial0'\/>/);
    assert.match(inactive, /^<domain type='qemu'>/);
    assert.doesNotMatch(inactive, /<alias|\/dev\/pts/);
    assert.equal(secure, live);
  });

  await t.test("suspend and resume", async () => {
    assert.equal(await ok("suspend", "hello"), "Domain 'hello' suspended");
    assert.equal(await ok("domstate", "hello", "--reason"), "paused (user)");
    await lifecycle("Suspended Paused");
    assert.equal(await ok("resume", "hello"), "Domain 'hello' resumed");
    assert.equal(await ok("domstate", "hello", "--reason"), "running (unpaused)");
    await lifecycle("Resumed Unpaused");
  });

  await t.test("shutdown: the guest powers off by ACPI", async () => {
    assert.equal(await ok("shutdown", "hello"), "Domain 'hello' is being shutdown");
    await lifecycle("Shutdown Finished after guest request");
    await lifecycle("Stopped Shutdown");
    assert.equal(await ok("domstate", "hello", "--reason"), "shut off (shutdown)");
  });

  await t.test("start --paused and destroy", async () => {
    assert.equal(await ok("start", "hello", "--paused"), "Domain 'hello' started");
    assert.equal(await ok("domstate", "hello", "--reason"), "paused (user)");
    assert.equal(await ok("domid", "hello"), "2");
    assert.equal(await ok("destroy", "hello"), "Domain 'hello' destroyed");
    assert.equal(await ok("domstate", "hello", "--reason"), "shut off (destroyed)");
    await lifecycle("Stopped Destroyed");
  });

  await t.test("autostart, vcpucount", async () => {
    assert.equal(await ok("autostart", "hello"), "Domain 'hello' marked as autostarted");
    assert.match(await ok("dominfo", "hello"), /^Autostart: +enable$/m);
    assert.match(await ok("list", "--all", "--autostart"), /hello/);
    const unmarked = "Domain 'hello' unmarked as autostarted";
    assert.equal(await ok("autostart", "hello", "--disable"), unmarked);
    assert.match(await ok("vcpucount", "hello"), /^maximum +config +1\ncurrent +config +1$/);
  });

  await t.test(
    "edit: what an editor changes is defined, nothing is when nothing changes",
    async () => {
      const edit = (command: string): ReturnType<typeof virsh> =>
        virsh(daemon.uri, ["edit", "hello"], { env: { EDITOR: command, VISUAL: command } });
      const changed = await edit("sed -i s/131072/163840/");
      assert.match(changed.stdout, /^Domain 'hello' XML configuration edited\.$/m);
      assert.match(await ok("dominfo", "hello"), /^Max memory: +163840 KiB$/m);
      const untouched = await edit("true");
      assert.match(untouched.stdout, /^Domain 'hello' XML configuration not changed\.$/m);
    },
  );

  await t.test("desc, title, metadata, rename", async () => {
    await ok("desc", "hello", "--config", "--new-desc", "It greets");
    assert.equal(await ok("desc", "hello"), "It greets");
    await ok("desc", "hello", "--config", "--title", "--new-desc", "Greeter");
    assert.equal(await ok("desc", "hello", "--title"), "Greeter");
    const uri = "urn:vireo:test";
    const set = ["--uri", uri, "--key", "v", "--set", "<a b='c'>d</a>", "--config"];
    await ok("metadata", "hello", ...set);
    assert.equal(await ok("metadata", "hello", "--uri", uri), '<a b="c">d</a>');
    assert.match(
      await ok("dumpxml", "hello"),
      /<v:a xmlns:v=["']urn:vireo:test["'] b=["']c["']>d<\/v:a>/,
    );
    await ok("metadata", "hello", "--uri", uri, "--remove", "--config");
    assert.equal((await virsh(daemon.uri, ["metadata", "hello", "--uri", uri])).status, 1);
    await ok("domrename", "hello", "greeter");
    assert.match(await ok("list", "--all"), /^ -\s+greeter\s+shut off$/m);
    assert.equal(await ok("domname", UUID), "greeter");
    assert.match(await ok("dumpxml", "greeter"), /<name>greeter<\/name>/);
  });

  await t.test("create: a transient domain is gone once it is destroyed", async () => {
    const path = file("fleeting", emptyXml("fleeting"));
    assert.equal(await ok("create", path), `Domain 'fleeting' created from ${path}`);
    assert.match(await ok("list", "--transient"), /fleeting/);
    assert.match(await ok("dominfo", "fleeting"), /^Persistent: +no$/m);
    await ok("destroy", "fleeting");
    assert.doesNotMatch(await ok("list", "--all"), /fleeting/);
  });

  await t.test("undefine", async () => {
    assert.equal(await ok("undefine", "greeter"), "Domain 'greeter' has been undefined");
    assert.equal(await ok("list", "--all", "--name"), "");
  });

  await t.test("the host: hostname, nodeinfo, capabilities, version, uri", async () => {
    assert.notEqual(await ok("hostname"), "");
    assert.match(await ok("nodeinfo"), /^CPU model: +x86_64\nCPU\(s\): +\d+\n/);
    const capabilities = await ok("capabilities");
    assert.match(capabilities, /^<capabilities>/);
    assert.match(capabilities, /<domain type='qemu'/);
    assert.match(await ok("version"), /^Running hypervisor: QEMU \d+\.\d+\.\d+$/m);
    assert.equal(await ok("uri"), daemon.uri);
  });
});
