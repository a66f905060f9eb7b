/** The real virsh of Debian, against any daemon. */
import { run, type RunOptions, type RunResult } from "./run.ts";
import { inTerminal, type TerminalSession } from "./terminal.ts";

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

/** Runs virsh in a pseudo terminal of its own, for `console`, `event --loop` and the like. */
export const virshInTerminal = (uri: string, args: readonly string[]): TerminalSession =>
  inTerminal(["virsh", "-c", uri, ...args]);
