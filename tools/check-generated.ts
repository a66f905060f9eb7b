/** Fails when generating again changes a file: a declaration changed and `npm run generate` was forgotten. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED, generate, TOP } from "./generated-files.ts";

const files = GENERATED.flatMap((entry) => entry.files);
const contents = (): readonly string[] =>
  files.map((file) => readFileSync(join(TOP, file), "utf8"));

const before = contents();
generate();
const after = contents();
const changed = files.filter((_, index) => before[index] !== after[index]);

console.log(`generated: ${files.length} files, ${changed.length} out of date`);
for (const file of changed) console.log(`  ${file} was out of date; review it and commit it`);
process.exitCode = changed.length === 0 ? 0 : 1;
