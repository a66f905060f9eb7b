/** A guest goes back to a moment: what it had in memory and on its disk then is there again. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { mkdtempSync, rmSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { endTerminal, ESCAPE, type TerminalSession } from "../harness/terminal.ts";
import { virshInTerminal } from "../harness/virsh.ts";
import { bootGuest } from "./booted-guest.ts";

const ANSWER_MS = 10_000;
const PROMPT_MS = 500;

/** virsh forgets what is typed before it has set the terminal up, which it does after its greeting. */
async function attached(conversation: TerminalSession["conversation"]): Promise<void> {
  await conversation.expect(/Escape character/, ANSWER_MS);
  for (let tries = 1; ; tries++) {
    conversation.say("\n");
    try {
      await conversation.expect(/^\/ # /m, PROMPT_MS);
      return;
    } catch (error) {
      if (tries * PROMPT_MS > ANSWER_MS) throw error;
    }
  }
}

/** Says something on a console of its own; a guest that was started anew has a new one. */
async function inGuest(
  t: TestContext,
  uri: string,
  [command, expected]: readonly [command: string, expected: RegExp],
): Promise<void> {
  const console = virshInTerminal(uri, ["console", "hello", "--force"]);
  t.after(() => endTerminal(console, ESCAPE));
  await attached(console.conversation);
  console.conversation.say(`${command}\n`);
  await console.conversation.expect(expected, ANSWER_MS);
  await endTerminal(console, ESCAPE);
}

const write = (word: string): string =>
  `echo ${word} > /mark; echo ${word} | dd of=/dev/vda conv=fsync 2>/dev/null; sync; echo wrote-$(cat /mark)`;
const READ =
  "echo memory-$(cat /mark) disk-$(dd if=/dev/vda bs=6 count=1 iflag=direct 2>/dev/null || head -c 6 /dev/vda)";

test("snapshot: memory and disk of a guest go back, more than once, and the merge keeps what is new", async (t) => {
  const images = mkdtempSync(join(tmpdir(), "vireo-images-"));
  t.after(() => rmSync(images, { recursive: true }));
  const image = join(images, "disk.qcow2");
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
  const { uri, console, ok } = await bootGuest(t, (xml) =>
    xml.replace("machine='q35'", "machine='pc'").replace(
      "</devices>",
      `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${image}'/>
       <target dev='vda' bus='virtio'/></disk></devices>`,
    ),
  );
  const { conversation } = console;
  conversation.say(
    "until [ -e /sys/block/vda ]; do :; done; mdev -s; [ -e /dev/vda ] || mknod /dev/vda b $(tr : ' ' < /sys/block/vda/dev)\n",
  );
  conversation.say(`${write("before")}\n`);
  await conversation.expect(/^wrote-before/m, ANSWER_MS);
  await endTerminal(console, ESCAPE);
  const memory = join(images, "memory");
  await ok("snapshot-create-as", "hello", "then", "--memspec", memory, "--diskspec", "vda");
  assert.match(await ok("domstate", "hello"), /running/);

  for (const word of ["after1", "after2"]) {
    await inGuest(t, uri, [write(word), new RegExp(`^wrote-${word}`, "m")]);
    await ok("snapshot-revert", "hello", "then");
    assert.match(await ok("domstate", "hello", "--reason"), /running \(from snapshot\)/);
    await inGuest(t, uri, [READ, /^memory-before disk-before/m]);
  }
  // each revert began a new image, and removed the one that nobody reads any more
  assert.equal(readdirSync(images).length, 3);

  await inGuest(t, uri, [write("newest"), /^wrote-newest/m]);
  await ok("snapshot-delete", "hello", "then");
  assert.match(await ok("domblklist", "hello"), /disk\.qcow2$/m);
  assert.deepEqual(readdirSync(images), ["disk.qcow2"]);
  await inGuest(t, uri, [READ, /^memory-newest disk-newest/m]);
  assert.equal(existsSync(memory), false);
});
