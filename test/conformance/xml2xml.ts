/** libvirt's XML-to-XML cases of domains: parse, resolve, print, compare. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDomain } from "../../packages/model/domain/check/check.ts";
import { formatDomain } from "../../packages/model/domain/format-domain.ts";
import { parseDomain } from "../../packages/model/domain/parse-domain.ts";
import { resolveDomain, settleDomain } from "../../packages/model/domain/resolve/resolve.ts";
import { fakeFacts, latestFacts, withEnvironment } from "./corpus-facts.ts";
import { firstDifference } from "./canonical-xml.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";
import { CORPUS } from "../harness/corpus.ts";

export interface Xml2xmlResult {
  readonly id: string;
  readonly variant: string;
  /** `bytes`: byte for byte; `same`: but for layout and attribute order; `refused`: as it should be. */
  readonly outcome: "bytes" | "same" | "refused" | "different" | "threw" | "accepted";
  readonly detail: string;
}

const DOMAIN_KINDS: readonly string[] = ["qemu", "qemu-fakecaps", "generic"];

/** What our pipeline makes of one case. */
export function convert(corpus: string, one: CorpusCase, live: boolean): string {
  const input = readFileSync(join(corpus, "xml2xml", one.input), "utf8");
  const { domain } = parseDomain(input, { live });
  const view = { live, secure: true };
  if (one.kind === "generic") {
    const settled = settleDomain(domain, { ...fakeFacts("x86_64", []), abiUpdate: false, live });
    return formatDomain(settled, view);
  }
  const facts =
    one.kind === "qemu"
      ? withEnvironment(latestFacts(corpus), one)
      : fakeFacts(domain.os?.type?.arch ?? "x86_64", Array.isArray(one.caps) ? one.caps : []);
  const resolved = resolveDomain(domain, facts, { abiUpdate: false, live });
  checkDomain(resolved, facts);
  return formatDomain(resolved, view);
}

function run(corpus: string, one: CorpusCase, variant: string): Xml2xmlResult {
  const result = (outcome: Xml2xmlResult["outcome"], detail = ""): Xml2xmlResult => ({
    id: one.id,
    variant,
    outcome,
    detail,
  });
  let actual: string;
  try {
    actual = convert(corpus, one, variant === "active");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return result(one.error === undefined ? "threw" : "refused", message);
  }
  if (one.expected === undefined) return result("accepted");
  const expected = readFileSync(join(corpus, "xml2xml", one.expected), "utf8");
  if (actual === expected) return result("bytes");
  const difference = firstDifference(actual, expected);
  return difference === undefined ? result("same") : result("different", difference);
}

/** Runs the domain cases whose id contains `filter`. */
export const runXml2xml = (corpus: string, filter = ""): readonly Xml2xmlResult[] =>
  readManifest(corpus, "xml2xml")
    .filter(({ kind, id }) => DOMAIN_KINDS.includes(kind) && id.includes(filter))
    .flatMap((one) => (one.variants ?? ["inactive"]).map((variant) => run(corpus, one, variant)));

if (import.meta.main) {
  const [corpus = CORPUS, filter = ""] = process.argv.slice(2);
  const results = runXml2xml(corpus, filter);
  const counts = new Map<string, number>();
  for (const { id, outcome, variant, detail } of results) {
    const key = `${id.split("/")[0] ?? ""} ${outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (outcome !== "bytes") console.log(`${outcome} ${id} ${variant}: ${detail}`);
  }
  console.log(Object.fromEntries([...counts].sort()));
}
