/** What a domain does when its guest powers off, reboots or crashes, as its definition says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { DomainEventType } from "@vireo/rpc/constant/domain-event";
import { bootGuest, type BootedGuest } from "./booted-guest.ts";

const BOOT_MS = 60_000;
const PROMPT_MS = 5000;

/** Types a line into the guest and waits until the domain has stopped. */
async function typeUntilStopped({ uri, console }: BootedGuest, line: string): Promise<void> {
  await using connection = await connect(uri);
  const events = await connection.events("domain", "lifecycle");
  console.conversation.say(`${line}\n`);
  for await (const { event } of events) if (event === DomainEventType.stopped) return;
}

const idOf = (xml: string): string | undefined => / id='(\d+)'/.exec(xml)?.[1];

test("on_reboot destroy: a guest that reboots is off", async (t) => {
  const guest = await bootGuest(t, (xml) =>
    xml.replace("<on_reboot>restart<", "<on_reboot>destroy<"),
  );
  await typeUntilStopped(guest, "reboot -f");
  assert.match(await guest.ok("domstate", "hello", "--reason"), /^shut off/);
});

test("on_reboot restart, on_poweroff restart: the guest comes back in the same domain", async (t) => {
  const guest = await bootGuest(t, (xml) =>
    xml.replace("<on_poweroff>destroy<", "<on_poweroff>restart<"),
  );
  const before = idOf(await guest.ok("dumpxml", "hello"));
  for (const line of ["reboot -f", "poweroff -f"]) {
    guest.console.conversation.say(`${line}\n`);
    await guest.console.conversation.expect(/vireo-guest ready/, BOOT_MS);
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
  const guest = await bootGuest(t, panic);
  await typeUntilStopped(guest, "echo c >/proc/sysrq-trigger");
  assert.equal(await guest.ok("domstate", "hello", "--reason"), "shut off (crashed)");
});
