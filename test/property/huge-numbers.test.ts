/** Whatever number of a definition becomes huge: the answer comes soon, and costs no more memory than others. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cpuMs } from "../harness/cpu-time.ts";
import { checkDomain } from "@vireo/model/domain/check/check";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import { VireoError } from "@vireo/model/error";
import { latestFacts } from "../conformance/corpus-facts.ts";
import { EXAMPLES, EXAMPLE_FACTS } from "./example-domains.ts";
import { CORPUS } from "../harness/corpus.ts";

const LONGEST_MS = 1000;
const HUGE = ["4294967295", "2147483647", "0-4294967295", "0-65535", "9007199254740991"];

const hasCorpus = existsSync(join(CORPUS, "xml2xml"));
const corpusFiles = (): readonly string[] =>
  globSync("xml2xml/{qemu,generic,qemu-fakecaps}/in/*.xml", { cwd: CORPUS })
    .toSorted()
    .map((file) => readFileSync(join(CORPUS, file), "utf8"));
const originals = [...EXAMPLES, ...(hasCorpus ? corpusFiles() : [])];
const facts = hasCorpus ? latestFacts(CORPUS) : EXAMPLE_FACTS;

/** A number in an attribute or text, and what stands before it on its line: each such place is tried once. */
const NUMBER = /(?<=[ <][\w:-]+(?:=['"]|[^<>]*>))(?:0x[0-9a-f]+|\d[\d,-]*)(?=['"<])/g;

function* enlarged(): Generator<string> {
  const seen = new Set<string>();
  for (const xml of originals)
    for (const { index, 0: number } of xml.matchAll(NUMBER)) {
      const before = xml.slice(xml.lastIndexOf("\n", index) + 1, index).trim();
      const place = before.replaceAll(/\d+/g, "0").slice(-60);
      if (seen.has(place)) continue;
      seen.add(place);
      for (const huge of HUGE) yield xml.slice(0, index) + huge + xml.slice(index + number.length);
    }
}

function answer(xml: string): void {
  try {
    const resolved = resolveDomain(parseDomain(xml).domain, facts);
    checkDomain(resolved, facts);
    formatDomain(resolved);
  } catch (error) {
    if (!(error instanceof VireoError))
      assert.fail(new Error(`No answer to\n${xml}`, { cause: error }));
  }
}

test(`huge numbers: each is answered within ${LONGEST_MS} ms`, () => {
  let tried = 0;
  for (const xml of enlarged()) {
    const start = cpuMs();
    answer(xml);
    const took = cpuMs() - start;
    assert.ok(took < LONGEST_MS, `${took} ms for\n${xml}`);
    tried += 1;
  }
  assert.ok(
    tried >= (hasCorpus ? 1000 : EXAMPLES.length * HUGE.length),
    `only ${tried} were tried`,
  );
});
