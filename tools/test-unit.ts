/** Runs the tests that stand beside the code. `npm run test:unit -- PATH...` runs only those below the given paths. */
import { runTests } from "./node-test.ts";

await runTests({
  files: "{packages,tools}/**/*.test.ts",
  concurrency: 2,
  testTimeoutMs: 60_000,
  deadlineMs: 420_000,
});
