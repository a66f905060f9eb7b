/** A guest booted up to its shell, for tests that look at it from inside. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { endTerminal, ESCAPE, type TerminalSession } from "../harness/terminal.ts";
import {} from "../harness/terminal.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const READY = /vireo-guest ready/;
const BOOT_MS = 60_000;
const PROMPT_MS = 5000;

export interface BootedGuest {
  readonly uri: string;
  readonly console: TerminalSession;
  /** Removed after the test. */
  readonly directory: string;
  /** Runs the real virsh; throws with its words when it fails. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
}

/** Boots the domain `hello`, its definition changed by `change`, which may put files into `directory`. */
export async function bootGuest(
  t: TestContext,
  change: (xml: string, directory: string) => string = (xml) => xml,
): Promise<BootedGuest> {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-guest-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "hello.xml");
  writeFileSync(path, change(helloXml(), directory));
  const ok = (...args: readonly string[]): Promise<string> => virshOk(daemon.uri, ...args);
  await ok("define", path);
  await ok("start", "hello");
  const console = virshInTerminal(daemon.uri, ["console", "hello"]);
  t.after(() => endTerminal(console, ESCAPE));
  await console.conversation.expect(READY, BOOT_MS);
  await console.conversation.expect(/# /, PROMPT_MS);
  return { uri: daemon.uri, console, directory, ok };
}
