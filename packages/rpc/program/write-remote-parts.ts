/** Rewrites `remote-part-names.ts`. Run after declaring a procedure. */
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Procedure } from "./procedure.ts";

const folder = fileURLToPath(new URL("remote", import.meta.url));

/** Calls that a file declares; none for files that only hold types. */
async function callsIn(file: string): Promise<readonly string[]> {
  const exports = (await import(`./remote/${file}`)) as Readonly<Record<string, unknown>>;
  const declared = Object.entries(exports).find(([name]) => name.endsWith("Procedures"))?.[1];
  const procedures = (declared ?? {}) as Readonly<Record<string, Procedure>>;
  return Object.entries(procedures).flatMap(([name, { kind }]) => (kind === "call" ? [name] : []));
}

const lines: string[] = [];
for (const file of readdirSync(folder).toSorted()) {
  const calls = await callsIn(file);
  if (calls.length === 0) continue;
  lines.push(`  "${[file.replace(/\.ts$/, ""), ...calls].join(" ")}",\n`);
}
writeFileSync(
  new URL("remote-part-names.ts", import.meta.url),
  `/** Each file of \`remote/\` and the calls it declares. Written by \`write-remote-parts.ts\`. */
export const REMOTE_PART_NAMES: readonly string[] = [
${lines.join("")}];
`,
);
