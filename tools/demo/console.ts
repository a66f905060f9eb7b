/** Shows a domain's console live, types one line into it and leaves it as a user would. */
import { endTerminal, ESCAPE, inTerminal } from "../../test/harness/terminal.ts";
import type { Client } from "./client.ts";
import { command, guestPrinter } from "./show.ts";

const BOOT_MS = 40_000;
const ANSWER_MS = 5000;

/** Resolves when the guest has greeted and answered. @throws Error with what was heard instead */
export async function watchConsole(client: Client): Promise<void> {
  const args = ["console", "hello"];
  command(client.shellCommand(args));
  const terminal = inTerminal(client.words(args), guestPrinter());
  const { conversation } = terminal;
  await conversation.expect(/Hello from a Vireo guest/, BOOT_MS);
  await conversation.expect(/vireo-guest ready .*/, ANSWER_MS);
  await conversation.expect(/# $/, ANSWER_MS);
  await conversation.ask("uptime", /load average/, ANSWER_MS);
  await endTerminal(terminal, ESCAPE);
}
