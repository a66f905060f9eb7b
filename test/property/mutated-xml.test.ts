/** Damaged XML is refused or understood, soon, and never in another way. */
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
import { mutate, randomOf } from "./mutate.ts";
import { CORPUS } from "../harness/corpus.ts";

const COUNT = 10_000;
const SEED = 7;
const LONGEST_MS = 1000;

const corpusFiles = (): readonly string[] =>
  globSync("xml2xml/{qemu,generic}/in/*.xml", { cwd: CORPUS })
    .toSorted()
    .map((file) => readFileSync(join(CORPUS, file), "utf8"));

const hasCorpus = existsSync(join(CORPUS, "xml2xml"));
const originals = [...(hasCorpus ? corpusFiles() : []), ...EXAMPLES];
const facts = hasCorpus ? latestFacts(CORPUS) : EXAMPLE_FACTS;

/** @throws whatever is thrown that is no answer to a client */
function take(xml: string): "taken" | "refused" {
  try {
    const resolved = resolveDomain(parseDomain(xml).domain, facts);
    checkDomain(resolved, facts);
    parseDomain(formatDomain(resolved));
    return "taken";
  } catch (error) {
    if (error instanceof VireoError) return "refused";
    throw error;
  }
}

test("mutated XML: numbers that ask for millions of controllers are refused at once", () => {
  const [xml = ""] = EXAMPLES;
  for (const disk of [
    "<disk type='file' device='disk'><source file='/a'/><target dev='sdzzzzzz' bus='sata'/></disk>",
    "<disk type='file' device='disk'><source file='/a'/><target dev='sdb' bus='scsi'/><address type='drive' controller='4294967295'/></disk>",
  ]) {
    const start = cpuMs();
    assert.equal(take(xml.replace("</devices>", `${disk}</devices>`)), "refused");
    assert.ok(cpuMs() - start < LONGEST_MS, disk);
  }
});

test(`mutated XML: ${COUNT} damaged definitions, each an answer within ${LONGEST_MS} ms`, () => {
  assert.ok(originals.length > 0);
  const random = randomOf(SEED);
  const pick = (): string => originals[Math.floor(random() * originals.length)] ?? "";
  const counts = { taken: 0, refused: 0 };
  for (let left = COUNT; left > 0; left -= 1) {
    const xml = mutate(pick(), pick(), random);
    const start = cpuMs();
    try {
      counts[take(xml)] += 1;
    } catch (cause) {
      assert.fail(new Error(`No answer to this damaged definition:\n${xml}`, { cause }));
    }
    const took = cpuMs() - start;
    assert.ok(took < LONGEST_MS, `${took} ms for\n${xml}`);
  }
  // the damage is neither so small nor so large that one of the answers is never given
  assert.ok(counts.taken > COUNT / 100 && counts.refused > COUNT / 100, JSON.stringify(counts));
});
