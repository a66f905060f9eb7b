/** Runs test files with Node's own runner, and ends it when a file hangs. */
import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

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

interface Outcome {
  readonly failed: readonly string[];
}

async function runOnce(
  files: readonly string[],
  how: TestRun,
  signal: AbortSignal,
): Promise<Outcome> {
  const failed = new Set<string>();
  const events = run({
    files: files.map((file) => join(TOP, file)),
    concurrency: how.concurrency,
    timeout: how.testTimeoutMs,
    signal,
    env: { ...process.env, TMPDIR: temporaryPlace() },
  });
  events.on("test:fail", ({ file, name }) => failed.add(relative(TOP, file ?? name)));
  for await (const text of events.compose(spec)) process.stdout.write(text);
  return { failed: [...failed] };
}

/**
 * Runs those files; sets the exit code. A file that fails is run once more, alone, when all others are through; one that
 * passes then is named as unsteady, and is to be mended.
 */
export async function runTests(how: TestRun): Promise<void> {
  const signal = AbortSignal.timeout(how.deadlineMs);
  const { failed } = await runOnce(testFiles(how.files), how, signal);
  const again: string[] = [];
  for (const file of failed) again.push(...(await runOnce([file], how, signal)).failed);
  for (const file of failed)
    console.log(`${again.includes(file) ? "failed twice" : "unsteady"}: ${file}`);
  if (signal.aborted)
    console.error(`The tests took longer than ${how.deadlineMs / 1000} s; one of them hangs`);
  process.exitCode = again.length > 0 || signal.aborted ? 1 : 0;
}
