/** A running guest past its definition: memory by the balloon, keys, the monitor itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { virsh } from "../harness/virsh.ts";
import { bootGuest } from "./booted-guest.ts";

const SEEN_MS = 15_000;
const KIB = /^(\d+) kB left/m;

test("guest control: memory, monitor, interrupt", async (t) => {
  const { uri, console, ok } = await bootGuest(t);
  const { conversation } = console;
  const total = async (): Promise<number> => {
    conversation.say("awk '/MemTotal/ {print $2, \"kB left\"}' /proc/meminfo\n");
    return Number((await conversation.expect(KIB, SEEN_MS))[1]);
  };
  const used = async (): Promise<number> =>
    Number(/Used memory: +(\d+)/.exec(await ok("dominfo", "hello"))?.[1]);

  await t.test("the balloon takes memory from the guest and gives it back", async () => {
    const before = await total();
    await ok("setmem", "hello", "96M", "--live");
    for (
      const end = performance.now() + SEEN_MS;
      (await used()) > 98_304 && performance.now() < end;
    )
      await total(); // each look lets the guest work
    assert.equal(await used(), 98_304);
    assert.ok((await total()) < before);
    await ok("setmem", "hello", "128M", "--live");
    for (
      const end = performance.now() + SEEN_MS;
      (await used()) < 131_072 && performance.now() < end;
    )
      await total();
    assert.equal(await total(), before);
  });

  await t.test("more memory than there is, is refused", async () => {
    const { stderr } = await virsh(uri, ["setmem", "hello", "1G", "--live"]);
    assert.match(stderr, /cannot set memory higher than max memory/);
  });

  await t.test("the monitor answers as it stands, and the domain is marked", async () => {
    const status = await ok("qemu-monitor-command", "hello", '{"execute":"query-status"}');
    assert.match(status, /^\{"return":\{.*"status":"running"/);
    assert.match(
      await ok("qemu-monitor-command", "hello", '{"execute":"no-such"}'),
      /"class":"CommandNotFound"/,
    );
    assert.match(await ok("qemu-monitor-command", "hello", "--hmp", "info version"), /^\d+\.\d+/);
    assert.match(await ok("dominfo", "hello"), /tainted: custom monitor control commands issued/);
  });

  await t.test("an interrupt and keys are taken", async () => {
    await ok("inject-nmi", "hello");
    conversation.say("echo still here\n");
    await conversation.expect(/^still here/m, SEEN_MS);
    await ok("send-key", "hello", "KEY_LEFTCTRL", "KEY_C");
  });
});
