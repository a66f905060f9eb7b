/** The real virsh of Debian, against any daemon. */
import { spawn, type ChildProcess } from "node:child_process";
import { Conversation } from "./conversation.ts";
import { run, type RunOptions, type RunResult } from "./run.ts";

/** One invocation, as `virsh -c URI ARGS`. */
export const virsh = (
  uri: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<RunResult> => run("virsh", ["-c", uri, ...args], options);

/** @returns what it printed, without blank lines around @throws Error with its words when it fails */
export async function virshOk(uri: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await virsh(uri, args);
  if (status !== 0) throw new Error(`virsh ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout.trim();
}

export interface TerminalSession {
  readonly conversation: Conversation;
  readonly process: ChildProcess;
}

/** Runs virsh in a pseudo terminal of its own, for `console`, `event --loop` and the like. */
export function virshInTerminal(uri: string, args: readonly string[]): TerminalSession {
  const quoted = ["virsh", "-c", uri, ...args].map((word) => `'${word}'`).join(" ");
  const process_ = spawn("script", ["-qfec", quoted, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, LC_ALL: "C", TERM: "dumb" },
  });
  return {
    process: process_,
    conversation: new Conversation(process_.stdout, process_.stdin),
  };
}

/** What a user types to end `virsh console`, and everything else. */
export const ESCAPE = "\u001d";
export const INTERRUPT = "\u0003";

const END_TIMEOUT_MS = 5000;

/** Types `farewell` into what `virshInTerminal` began and waits for its end; kills it when it does not obey. */
export async function endTerminal(session: TerminalSession, farewell: string): Promise<void> {
  const { process: child, conversation } = session;
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    conversation.say(farewell);
  });
}
