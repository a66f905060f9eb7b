/** The shell of the test guest, on its console. */
import type { TestContext } from "node:test";
import type { Conversation } from "../harness/conversation.ts";
import { endTerminal, ESCAPE } from "../harness/terminal.ts";
import { virshInTerminal } from "../harness/virsh.ts";

export const ANSWER_MS = 20_000;

export function consoleOf(t: TestContext, uri: string, name: string): Conversation {
  const console = virshInTerminal(uri, ["console", name]);
  t.after(() => endTerminal(console, ESCAPE));
  return console.conversation;
}

/** Tells whether a command of the guest succeeds. */
export async function succeeds(guest: Conversation, command: string): Promise<boolean> {
  const [, how] = await guest.ask(`${command}; echo "ended:$?"`, /^ended:(\d+)/m, ANSWER_MS);
  return how === "0";
}
