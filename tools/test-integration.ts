/** Runs the tests that need real QEMU or real clients, one file at a time: some of them measure. */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const TOP = join(import.meta.dirname, "..");
const below = process.argv.slice(2);
const files = globSync("test/**/*.test.ts", { cwd: TOP })
  .filter((file) => below.length === 0 || below.some((path) => file.startsWith(path)))
  .toSorted();
if (files.length === 0) throw new Error(`No test files below ${below.join(", ") || "test"}`);

const PER_TEST_TIMEOUT_MS = 120_000;

const runner = spawn(
  process.execPath,
  [
    "--test",
    "--test-concurrency=1",
    `--test-timeout=${PER_TEST_TIMEOUT_MS}`,
    "--test-reporter=spec",
    ...files,
  ],
  { cwd: TOP, stdio: "inherit" },
);
runner.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
