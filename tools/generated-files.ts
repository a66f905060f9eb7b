/** What is derived from a declaration and committed: which program writes which files. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface GeneratedFiles {
  /** The program, relative to the top; run without arguments it rewrites its files. */
  readonly writer: string;
  /** Its files, relative to the top. */
  readonly files: readonly string[];
}

export const TOP = join(import.meta.dirname, "..");

export const GENERATED: readonly GeneratedFiles[] = [
  { writer: "packages/rpc/program/write-layout.ts", files: ["packages/rpc/program/layout.txt"] },
  {
    writer: "packages/rpc/program/write-remote-parts.ts",
    files: ["packages/rpc/program/remote-part-names.ts"],
  },
  {
    writer: "tools/write-reference.ts",
    files: ["domain-xml.md", "domain.schema.json", "operations.md", "errors.md"].map(
      (page) => `docs/reference/${page}`,
    ),
  },
  { writer: "tools/write-sdk-reference.ts", files: ["docs/reference/sdk.md"] },
];

/** @throws Error naming the writer that did not end well */
export function generate(): void {
  for (const { writer } of GENERATED) {
    const { status } = spawnSync(process.execPath, [writer], {
      cwd: TOP,
      stdio: "inherit",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`Cannot generate: ${writer} ended with status ${status}`);
  }
}
