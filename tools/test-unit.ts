/** Runs the tests that stand beside the code. `npm run test:unit -- PATH...` runs only those below the given paths. */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const TOP = join(import.meta.dirname, "..");
const below = process.argv.slice(2);
const files = globSync("{packages,tools}/**/*.test.ts", {
  cwd: TOP,
  exclude: (path) => path.includes("node_modules"),
})
  .filter((file) => below.length === 0 || below.some((path) => file.startsWith(path)))
  .toSorted();
if (files.length === 0) throw new Error(`No test files below ${below.join(", ") || "packages"}`);

const runner = spawn(
  process.execPath,
  ["--test", "--test-concurrency=2", "--test-timeout=60000", "--test-reporter=spec", ...files],
  { cwd: TOP, stdio: "inherit" },
);
runner.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
