/** Programs in a pseudo terminal, as in front of a user; the terminal comes from `script`. */
import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { Conversation } from "./conversation.ts";
import { endAtExit } from "./left-over.ts";

export interface TerminalSession {
  readonly conversation: Conversation;
  readonly process: ChildProcess;
}

/** What a user types to end `virsh console`, and everything else. */
export const ESCAPE = "\u001d";
export const INTERRUPT = "\u0003";

const END_TIMEOUT_MS = 5000;

/**
 * @param command words, none of which may contain a single quote
 * @param onText is given what the program prints as it arrives
 */
export function inTerminal(
  command: readonly string[],
  onText?: (text: string) => void,
): TerminalSession {
  const quoted = command.map((word) => `'${word}'`).join(" ");
  // A session without a controlling terminal: else virsh starts a polkit agent, which, where there is no polkit,
  // takes back the terminal's raw mode while the console uses it. What listens for ^C keeps its session.
  const line = command.includes("console") ? `exec setsid --wait ${quoted}` : `exec ${quoted}`;
  const child = spawn("script", ["-qfec", line, "/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"], // an inherited pipe would outlive the test in whatever survives it
    env: { ...process.env, LC_ALL: "C", TERM: "dumb" },
  });
  // a test that fails in the middle of a conversation ends nevertheless, and this with it
  child.unref();
  for (const stream of [child.stdout, child.stdin]) if (stream instanceof Socket) stream.unref();
  child.on(
    "exit",
    endAtExit(() => child.kill("SIGKILL")),
  );
  return { process: child, conversation: new Conversation(child.stdout, child.stdin, onText) };
}

/**
 * Types `farewell` and waits for the program's end.
 * @throws Error with what it said last when it does not end; it is killed then
 */
export async function endTerminal(session: TerminalSession, farewell: string): Promise<void> {
  const { process: child, conversation } = session;
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(
        new Error(`The program in the terminal did not end: ${conversation.heard.slice(-500)}`),
      );
    }, END_TIMEOUT_MS);
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    conversation.say(farewell);
  });
}
