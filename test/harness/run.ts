/** Runs a program to its end, with a deadline and a limit for what it prints. */
import { spawn } from "node:child_process";

export interface RunResult {
  /** Exit code; undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Then it is interrupted, as by ^C. */
  readonly interrupt?: Promise<unknown>;
}

const OUTPUT_LIMIT = 8 << 20;
const TIMEOUT_MS = 30_000;

/** The words of programs are compared: they are English, and sorted as bytes. */
const PLAIN_WORDS = { LC_ALL: "C", LANG: "C" };

/** @throws Error when the program cannot be started, prints too much or takes too long */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...PLAIN_WORDS, ...options.env },
    });
    const output = { stdout: "", stderr: "" };
    const command = [program, ...args].join(" ");
    const giveUp = (why: string): void => {
      child.kill("SIGKILL");
      reject(new Error(`'${command}' ${why}: ${output.stdout}${output.stderr}`));
    };
    const timer = setTimeout(() => giveUp(`took longer than ${timeoutMs} ms`), timeoutMs);
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        if (output[name].length > OUTPUT_LIMIT) giveUp(`printed more than ${OUTPUT_LIMIT} bytes`);
      });
    void options.interrupt?.then(() => child.kill("SIGINT"));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - start;
      resolve({ status: code ?? undefined, ...output, milliseconds });
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
