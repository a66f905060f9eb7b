/**
 * Runs the tests that need real QEMU or real clients, one file at a time: some of them measure. A file that fails
 * is run once more when all others are through; one that passes then is named as unsteady, and is to be mended.
 * At the end it says what was skipped and why, what took longest, and what was left behind.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { clearLeftBehind } from "./left-behind.ts";
import { temporaryPlace, testFiles, TOP } from "./node-test.ts";

/** Against tests that hang; it is no measure of theirs. */
const TEST_TIMEOUT_MS = 240_000;
/** For one file; the runner's own limit does not end a file that keeps its process alive. */
const FILE_DEADLINE_MS = 600_000;
const LEARN_DEADLINE_MS = 60_000;
const SLOWEST_SHOWN = 12;

interface Outcome {
  readonly file: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** Tests that were not run, with the reason. */
  readonly skipped: readonly string[];
  readonly leftBehind: readonly string[];
}

process.env["TMPDIR"] = temporaryPlace();
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort());

async function runFile(file: string): Promise<Outcome> {
  console.log(`# ${file}`);
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "v-")));
  chmodSync(temporary, 0o711); // for guests of another user
  const began = performance.now();
  const skipped: string[] = [];
  let passed = true;
  const events = run({
    files: [join(TOP, file)],
    timeout: TEST_TIMEOUT_MS,
    signal: AbortSignal.any([interrupted.signal, AbortSignal.timeout(FILE_DEADLINE_MS)]),
    env: { ...process.env, TMPDIR: temporary },
  });
  events.on("test:fail", () => (passed = false));
  events.on("test:pass", ({ name, skip }) => {
    if (skip !== undefined) skipped.push(`${name}: ${skip === true ? "no reason given" : skip}`);
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
  const seconds = (performance.now() - began) / 1000;
  return { file, passed, seconds, skipped, leftBehind: clearLeftBehind(temporary) };
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n"));
}

async function runAll(files: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const file of files) if (!interrupted.signal.aborted) outcomes.push(await runFile(file));
  return outcomes;
}

execFileSync(process.execPath, [join(TOP, "tools/learn-host.ts")], {
  stdio: "inherit",
  timeout: LEARN_DEADLINE_MS,
});
const files = testFiles("test/**/*.test.ts");
const first = await runAll(files);
const again = await runAll(first.filter(({ passed }) => !passed).map(({ file }) => file));
const failed = again.filter(({ passed }) => !passed).map(({ file }) => file);

list(
  "skipped",
  first.flatMap(({ skipped }) => skipped),
);
list(
  "left behind",
  [...first, ...again].flatMap(({ file, leftBehind }) =>
    leftBehind.map((one) => `${file}: ${one}`),
  ),
);
list(
  "slowest",
  first
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST_SHOWN)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(6)} s ${file}`),
);
list(
  "unsteady",
  again.filter(({ passed }) => passed).map(({ file }) => file),
);
list("failed twice", failed);
const total = [...first, ...again].reduce((sum, { seconds }) => sum + seconds, 0);
console.log(
  `files: ${first.length - failed.length} passed, ${failed.length} failed, ${total.toFixed(0)} s`,
);
process.exitCode = failed.length === 0 && !interrupted.signal.aborted ? 0 : 1;
