/** Shows a domain's console live, types one line into it and leaves it as a user would. */
import { spawn } from "node:child_process";
import { Conversation } from "../../test/harness/conversation.ts";
import { ESCAPE, endTerminal } from "../../test/harness/virsh.ts";
import type { Client } from "./client.ts";
import { command, guestPrinter } from "./show.ts";

const BOOT_MS = 40_000;
const ANSWER_MS = 5000;

/** Resolves when the guest has greeted and answered. @throws Error with what was heard instead */
export async function watchConsole(client: Client): Promise<void> {
  command(client.shellCommand(["console", "hello"]));
  const line = client.shellCommand(["console", "hello"]);
  const terminal = spawn("script", ["-qfec", line, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, LC_ALL: "C", TERM: "dumb" },
  });
  const conversation = new Conversation(terminal.stdout, terminal.stdin, guestPrinter());
  await conversation.expect(/Hello from a Vireo guest/, BOOT_MS);
  await conversation.expect(/vireo-guest ready .*/, ANSWER_MS);
  await conversation.expect(/# $/, ANSWER_MS);
  await conversation.ask("uptime", /load average/, ANSWER_MS);
  await endTerminal({ process: terminal, conversation }, ESCAPE);
}
