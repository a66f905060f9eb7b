/** Runs the tests that need real QEMU or real clients, one file at a time: some of them measure. */
import { runTests } from "./node-test.ts";

runTests({
  files: "test/**/*.test.ts",
  concurrency: 1,
  testTimeoutMs: 120_000,
  deadlineMs: 2_400_000,
});
