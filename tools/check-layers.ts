/** Fails when an import points the wrong way, when files import in a circle, or when one cannot be followed. */
import { existsSync, readFileSync, globSync } from "node:fs";
import { join, posix } from "node:path";
import { findCycles } from "./layers/find-cycles.ts";
import { importsOf } from "./layers/import-scanner.ts";
import { whyNotFile, whyNotModule } from "./layers/layer-rules.ts";

const TOP = join(import.meta.dirname, "..");
const files = globSync("{packages,tools,test,bench}/**/*.{ts,tsx}", {
  cwd: TOP,
  exclude: (path) => path.includes("node_modules") || path.includes("console/dist"),
}).toSorted();

/** The file that a specifier names, relative to the top; undefined for an outside module. */
function target(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const ours = /^@vireo\/([^/]+)\/(.+)$/.exec(specifier);
  return ours === null ? undefined : `packages/${ours[1]}/${ours[2]}.ts`;
}

const problems: string[] = [];
const graph = new Map<string, readonly string[]>();

function check(from: string): void {
  const targets: string[] = [];
  for (const specifier of importsOf(readFileSync(join(TOP, from), "utf8"))) {
    const to = target(from, specifier);
    const why = to === undefined ? whyNotModule(from, specifier) : whyNotFile(from, to);
    if (why !== undefined) problems.push(`${from} imports "${specifier}": ${why}`);
    if (to === undefined) continue;
    targets.push(to);
    if (!existsSync(join(TOP, to))) problems.push(`${from} imports "${specifier}": no such file`);
  }
  graph.set(from, targets);
}

for (const file of files) check(file);
for (const cycle of findCycles(graph)) problems.push(`Import cycle: ${cycle.join(" -> ")}`);

const imports = [...graph.values()].reduce((sum, targets) => sum + targets.length, 0);
console.log(`layers: ${files.length} files, ${imports} imports, ${problems.length} problems`);
for (const problem of problems) console.log(`  ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
