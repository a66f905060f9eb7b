/**
 * Runs the tests that need real QEMU or real clients, two files at a time; those that measure then one by one. A file that
 * fails is run once more, alone, when all others are through; one that passes then is named as unsteady, and is to be mended.
 * At the end it says what was skipped and why, what took longest, and what was left behind.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, realpathSync } from "node:fs";
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
const LANES = 2;

/** Files that measure times, rates or memory: what runs beside them would be in their figures. */
const MEASURING: ReadonlySet<string> = new Set([
  "test/client/sdk-reconnect.test.ts",
  "test/client/volume-stream.test.ts",
  "test/console/first-frame.test.ts",
  "test/console/thousand.test.ts",
  "test/fault/adopt-twenty.test.ts",
  "test/fault/leak.test.ts",
  "test/fault/stopped-qemu.test.ts",
  "test/fault/stopped-stats.test.ts",
  "test/fault/storage-trouble.test.ts",
  "test/guest/agent.test.ts",
  "test/guest/network.test.ts",
  "test/http/hostile-requests.test.ts",
  "test/property/agent-lies.test.ts",
]);

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
  const said: string[] = [`# ${file}\n`];
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
  for await (const text of events.compose(spec)) said.push(String(text));
  process.stdout.write(said.join("")); // at once: another file may run beside it
  const seconds = (performance.now() - began) / 1000;
  return { file, passed, seconds, skipped, leftBehind: clearLeftBehind(temporary) };
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n"));
}

async function runAll(files: readonly string[], lanes: number): Promise<readonly Outcome[]> {
  const waiting = [...files];
  const outcomes: Outcome[] = [];
  async function follow(): Promise<void> {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      if (!interrupted.signal.aborted) outcomes.push(await runFile(file));
  }
  await Promise.all(Array.from({ length: lanes }, follow));
  return outcomes;
}

execFileSync(process.execPath, [join(TOP, "tools/learn-host.ts")], {
  stdio: "inherit",
  timeout: LEARN_DEADLINE_MS,
});
const files = testFiles("test/**/*.test.ts");
const unknown = [...MEASURING].filter((file) => !existsSync(join(TOP, file)));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")} to be run alone`);
const began = performance.now();
const first = [
  ...(await runAll(
    files.filter((file) => !MEASURING.has(file)),
    LANES,
  )),
  ...(await runAll(
    files.filter((file) => MEASURING.has(file)),
    1,
  )),
];
const again = await runAll(
  first.filter(({ passed }) => !passed).map(({ file }) => file),
  1,
);
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
const seconds = (performance.now() - began) / 1000;
console.log(
  `files: ${first.length - failed.length} passed, ${failed.length} failed, ${seconds.toFixed(0)} s`,
);
process.exitCode = failed.length === 0 && !interrupted.signal.aborted ? 0 : 1;
