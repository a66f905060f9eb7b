/** Runs test files with Node's own runner, and ends it when a file hangs. */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const TOP = join(import.meta.dirname, "..");

export interface TestRun {
  /** Glob of the files, relative to the top. */
  readonly files: string;
  /** Files at once. */
  readonly concurrency: number;
  readonly testTimeoutMs: number;
  /** For all of them together; the runner's own limit does not end a file that keeps its process alive. */
  readonly deadlineMs: number;
}

/**
 * The files of a glob, those that lie below a path given on the command line, or all.
 * @throws Error when there is none
 */
export function testFiles(files: string): readonly string[] {
  const below = process.argv.slice(2);
  const chosen = globSync(files, { cwd: TOP, exclude: (path) => path.includes("node_modules") })
    .filter((file) => below.length === 0 || below.some((path) => file.startsWith(path)))
    .toSorted();
  if (chosen.length === 0) throw new Error(`No test files below ${below.join(", ") || files}`);
  return chosen;
}

/** Bytes that the path of the temporary directory may have: sockets lie below it, and their paths have a limit. */
const LONGEST_TEMPORARY = 24;

/** Where tests make their directories. */
export const temporaryPlace = (): string =>
  Buffer.byteLength(tmpdir()) > LONGEST_TEMPORARY ? "/tmp" : tmpdir();

/** Runs those files; sets the exit code. */
export function runTests({ files, concurrency, testTimeoutMs, deadlineMs }: TestRun): void {
  const chosen = testFiles(files);
  const options = [
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${testTimeoutMs}`,
    "--test-reporter=spec",
  ];
  const runner = spawn(process.execPath, ["--test", ...options, ...chosen], {
    cwd: TOP,
    stdio: "inherit",
    env: { ...process.env, TMPDIR: temporaryPlace() },
  });
  const deadline = setTimeout(() => {
    console.error(`The tests took longer than ${deadlineMs / 1000} s; one of them hangs`);
    runner.kill("SIGTERM"); // the runner then says which
  }, deadlineMs);
  runner.on("exit", (code) => {
    clearTimeout(deadline);
    process.exitCode = code ?? 1;
  });
}
