/**
 * Runs the tests that need real QEMU or real clients, one file at a time: some of them measure. A file that fails
 * is run once more when all others are through; one that passes then is named as unsteady, and is to be mended.
 */
import { spawnSync } from "node:child_process";
import { testFiles, TOP } from "./node-test.ts";

const TEST_TIMEOUT_MS = 120_000;
/** For one file; the runner's own limit does not end a file that keeps its process alive. */
const FILE_DEADLINE_MS = 600_000;

/** @returns whether all of its tests passed */
function passes(file: string): boolean {
  const options = [`--test-timeout=${TEST_TIMEOUT_MS}`, "--test-reporter=spec"];
  const { status } = spawnSync(process.execPath, ["--test", ...options, file], {
    cwd: TOP,
    stdio: "inherit",
    timeout: FILE_DEADLINE_MS,
  });
  return status === 0;
}

const files = testFiles("test/**/*.test.ts");
const failedOnce = files.filter((file) => !passes(file));
const failed = failedOnce.filter((file) => !passes(file));
for (const file of failedOnce)
  console.log(failed.includes(file) ? `failed twice: ${file}` : `unsteady: ${file}`);
console.log(`files: ${files.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
