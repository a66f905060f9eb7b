/** Runs a program of the host to its end: with a deadline, a limit, and nothing left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { virError, type VireoError } from "@vireo/model/error";
import { hostError } from "./errno.ts";

export interface ExecOptions {
  readonly timeoutMs?: number;
  /** Bytes of stdout and stderr together. */
  readonly outputLimit?: number;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Hears each piece of stdout as it comes; the whole is answered nevertheless. */
  readonly onOutput?: ((piece: string) => void) | undefined;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 10_000;
const OUTPUT_LIMIT = 16 * 1024 * 1024;
const STDERR_SHOWN = 1000;
const PLAIN_ENV = {
  LC_ALL: "C",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/**
 * Answers what the program printed. When it fails, hangs or prints too much, its whole process
 * group is killed and the error tells why, with what the program said on stderr.
 * @throws VireoError `internalError`; `systemError` when it cannot be run at all
 */
export function execProgram(
  program: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const child = spawn(program, [...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...PLAIN_ENV, ...options.env },
  });
  child.stdin.on("error", () => undefined); // it need not read its input to the end
  child.stdin.end(options.input);
  return finished(child, { ...options, shown: [program, ...args].join(" ") });
}

function finished(
  child: ChildProcess,
  {
    shown,
    timeoutMs = TIMEOUT_MS,
    outputLimit = OUTPUT_LIMIT,
    signal,
    onOutput,
  }: ExecOptions & { shown: string },
): Promise<ExecResult> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (outcome: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      outcome();
    };
    const give = (why: string): void =>
      settle(() => {
        killGroup(child);
        reject(failure(shown, why, textOf(err)));
      });
    const aborted = (): void => give("was cancelled");
    const timer = setTimeout(() => give(`did not end within ${timeoutMs} ms`), timeoutMs);
    const keep = (pieces: Buffer[]) => (piece: Buffer) => {
      size += piece.length;
      if (size > outputLimit) give(`printed more than ${outputLimit} bytes`);
      else pieces.push(piece);
    };
    signal?.addEventListener("abort", aborted);
    if (signal?.aborted) aborted();
    child.stdout?.on("data", keep(out));
    if (onOutput !== undefined)
      child.stdout?.on("data", (piece: Buffer) => onOutput(piece.toString("latin1")));
    child.stderr?.on("data", keep(err));
    child.on("error", (error) => settle(() => reject(hostError(`Cannot run '${shown}'`, error))));
    child.on("close", (code, killer) =>
      settle(() => {
        const result = { stdout: textOf(out), stderr: textOf(err) };
        if (code === 0) resolve(result);
        else
          reject(
            failure(
              shown,
              killer ? `died of ${killer}` : `ended with status ${code}`,
              result.stderr,
            ),
          );
      }),
    );
  });
}

const textOf = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString("utf8");

function failure(shown: string, why: string, stderr: string): VireoError {
  const said = stderr.trim().slice(-STDERR_SHOWN);
  return virError("internalError", `'${shown}' ${why}${said === "" ? "" : `: ${said}`}`);
}

/** The group, because a shell or wrapper may have children of its own. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // it ended by itself in this very moment
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
}
