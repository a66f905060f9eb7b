import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { endTerminal, ESCAPE, type TerminalSession } from "../harness/terminal.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const BOOT_MS = 30_000;
const ANSWER_MS = 5000;
const LINES = 5000;

test("console: one at a time, taken over by force, ended with the guest", async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-console-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "hello.xml");
  writeFileSync(path, helloXml());
  await virshOk(daemon.uri, "create", path);
  const open = async (...options: readonly string[]): Promise<TerminalSession> => {
    const session = virshInTerminal(daemon.uri, ["console", "hello", ...options]);
    await session.conversation.expect(/Connected to domain 'hello'/, ANSWER_MS);
    return session;
  };
  const first = await open();
  await first.conversation.expect(/vireo-guest ready/, BOOT_MS);
  await first.conversation.expect(/# /, ANSWER_MS);

  await t.test("a flood of output arrives whole and in order", async () => {
    first.conversation.say(`seq ${LINES}; echo end-of-$((1 + 1))\n`);
    await first.conversation.expect(/end-of-2/, BOOT_MS);
    const numbers = [...first.conversation.heard.matchAll(/^(\d+)\r?$/gm)].map(([, n]) =>
      Number(n),
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: LINES }, (_, index) => index + 1),
    );
  });

  await t.test("a second one is refused", async () => {
    const refused = virshInTerminal(daemon.uri, ["console", "hello"]);
    const words = /Active console session exists for this domain/;
    await refused.conversation.expect(words, ANSWER_MS);
    await endTerminal(refused, ESCAPE);
  });

  const second = await open("--force");
  await t.test("force takes it over: the first is told and ends", async () => {
    await first.conversation.expect(/stream had I\/O failure/, ANSWER_MS);
    second.conversation.say("echo taken-$((40 + 2))\n");
    await second.conversation.expect(/taken-42/, ANSWER_MS);
  });

  await t.test("it can be left and opened again", async () => {
    await endTerminal(second, ESCAPE);
    const third = await open();
    third.conversation.say("echo again-$((40 + 3))\n");
    await third.conversation.expect(/again-43/, ANSWER_MS);
    await virshOk(daemon.uri, "destroy", "hello");
    await endTerminal(third, ESCAPE);
  });
});
