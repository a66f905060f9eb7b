/** libvirt's rejections of domains at define time: message for message. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDomain } from "../../packages/model/domain/check/check.ts";
import { parseDomain } from "../../packages/model/domain/parse-domain.ts";
import { resolveDomain } from "../../packages/model/domain/resolve/resolve.ts";
import { fakeFacts, latestFacts } from "./corpus-facts.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";

export interface ErrorResult {
  readonly id: string;
  readonly outcome: "exact" | "other message" | "accepted";
  readonly expected: string;
  readonly actual: string;
}

const CORPORA = ["qemu-args", "qemu-args-fakecaps"] as const;

function reject(corpus: string, name: string, one: CorpusCase): string {
  const input = readFileSync(join(corpus, name, one.input), "utf8");
  try {
    const { domain } = parseDomain(input);
    const facts =
      name === "qemu-args"
        ? latestFacts(corpus)
        : fakeFacts(domain.os?.type?.arch ?? "x86_64", Array.isArray(one.caps) ? one.caps : []);
    const resolved = resolveDomain(domain, facts, { abiUpdate: false });
    checkDomain(resolved, facts);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

function run(corpus: string, name: string, one: CorpusCase): ErrorResult {
  const expected = String(one.error);
  const actual = reject(corpus, name, one);
  const outcome = actual === expected ? "exact" : actual === "" ? "accepted" : "other message";
  return { id: `${name}/${one.id}`, outcome, expected, actual };
}

/** Runs the rejections that belong to parsing and do not depend on what an old QEMU lacked. */
export const runDomainErrors = (corpus: string, filter = ""): readonly ErrorResult[] =>
  CORPORA.flatMap((name) =>
    readManifest(corpus, name)
      .filter(({ error, errorPhase }) => error !== undefined && errorPhase === "parse")
      .filter(({ id, capsDependent }) => capsDependent !== true && id.includes(filter))
      .map((one) => run(corpus, name, one)),
  );

if (import.meta.main) {
  const [corpus = join(import.meta.dirname, "../../../shared/corpus/dev"), filter = ""] =
    process.argv.slice(2);
  const counts = new Map<string, number>();
  for (const { id, outcome, expected, actual } of runDomainErrors(corpus, filter)) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (outcome !== "exact")
      console.log(`${outcome} ${id}\n  expected ${expected}\n  got      ${actual}`);
  }
  console.log(Object.fromEntries(counts));
}
