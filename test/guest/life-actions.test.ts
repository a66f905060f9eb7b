/** What a domain does when its guest powers off, reboots or crashes, as its definition says. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { DomainEventType } from "@vireo/rpc/constant/domain-event";
import { startDaemon } from "../harness/daemon.ts";
import { helloXml } from "../harness/domain-xml.ts";
import {
  endTerminal,
  ESCAPE,
  virshInTerminal,
  virshOk,
  type TerminalSession,
} from "../harness/virsh.ts";

const READY = /vireo-guest ready/;
const BOOT_MS = 30_000;
const PROMPT_MS = 5000;

interface Guest {
  readonly uri: string;
  readonly console: TerminalSession;
  readonly ok: (...args: readonly string[]) => Promise<string>;
}

/** Boots a guest whose definition was changed, up to its shell. */
async function boot(t: TestContext, change: (xml: string) => string): Promise<Guest> {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-life-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "hello.xml");
  writeFileSync(path, change(helloXml()));
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  await ok("define", path);
  await ok("start", "hello");
  const console = virshInTerminal(daemon.uri, ["console", "hello"]);
  t.after(() => endTerminal(console, ESCAPE));
  await console.conversation.expect(READY, BOOT_MS);
  await console.conversation.expect(/# /, PROMPT_MS);
  return { uri: daemon.uri, console, ok };
}

/** Types a line into the guest and waits until the domain has stopped. */
async function typeUntilStopped({ uri, console }: Guest, line: string): Promise<void> {
  await using connection = await connect(uri);
  const events = await connection.events("domain", "lifecycle");
  console.conversation.say(`${line}\n`);
  for await (const { event } of events) if (event === DomainEventType.stopped) return;
}

const idOf = (xml: string): string | undefined => / id='(\d+)'/.exec(xml)?.[1];

test("on_reboot destroy: a guest that reboots is off", async (t) => {
  const guest = await boot(t, (xml) => xml.replace("<on_reboot>restart<", "<on_reboot>destroy<"));
  await typeUntilStopped(guest, "reboot -f");
  assert.match(await guest.ok("domstate", "hello", "--reason"), /^shut off/);
});

test("on_reboot restart, on_poweroff restart: the guest comes back in the same domain", async (t) => {
  const guest = await boot(t, (xml) =>
    xml.replace("<on_poweroff>destroy<", "<on_poweroff>restart<"),
  );
  const before = idOf(await guest.ok("dumpxml", "hello"));
  for (const line of ["reboot -f", "poweroff -f"]) {
    guest.console.conversation.say(`${line}\n`);
    await guest.console.conversation.expect(READY, BOOT_MS);
    await guest.console.conversation.expect(/# /, PROMPT_MS);
  }
  assert.equal(idOf(await guest.ok("dumpxml", "hello")), before);
  assert.match(await guest.ok("domstate", "hello"), /^running/);
});

test("on_crash destroy: a guest that panics is off, and known as crashed", async (t) => {
  const panic = (xml: string): string =>
    xml
      .replace("</devices>", "<panic model='isa'/></devices>")
      .replace("</cmdline>", " panic=0</cmdline>");
  const guest = await boot(t, panic);
  await typeUntilStopped(guest, "echo c >/proc/sysrq-trigger");
  assert.equal(await guest.ok("domstate", "hello", "--reason"), "shut off (crashed)");
});
