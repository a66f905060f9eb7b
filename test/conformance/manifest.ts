import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a corpus manifest; see the corpus's README. */
export interface CorpusCase {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly input: string;
  readonly expected?: string;
  readonly error?: string | true;
  readonly errorPhase?: string;
  readonly variants?: readonly string[];
  readonly caps?: "none" | readonly string[];
  readonly capsDependent?: boolean;
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly setenv?: Readonly<Record<string, string>>;
}

export const readManifest = (corpus: string, name: string): readonly CorpusCase[] =>
  readFileSync(join(corpus, name, "manifest.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CorpusCase);
