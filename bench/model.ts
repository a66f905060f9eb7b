/**
 * How long the model takes to read, resolve and print domains: 1,000 of the corpus, on one core, after a warm-up.
 * Fails when it takes more than a second. `node bench/model.ts [CORPUS]`
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import { VireoError } from "@vireo/model/error";
import { latestFacts } from "../test/conformance/corpus-facts.ts";
import { median } from "./statistics.ts";

const CORPUS = process.argv[2] ?? join(import.meta.dirname, "../../shared/corpus/dev");
const DOMAINS = 1000;
const WARM_UP = 3;
const ROUNDS = 5;
/** What issue 3 promises. */
const PROMISED_MS = 1000;

const facts = latestFacts(CORPUS);

interface Stages {
  readonly parse: number;
  readonly resolve: number;
  readonly format: number;
}

function take(xml: string): Stages {
  const start = performance.now();
  const { domain } = parseDomain(xml);
  const parsed = performance.now();
  const complete = resolveDomain(domain, facts);
  const resolved = performance.now();
  formatDomain(complete);
  const end = performance.now();
  return { parse: parsed - start, resolve: resolved - parsed, format: end - resolved };
}

/** Definitions that this QEMU takes; the bench is about work, not about refusals. */
function isTaken(xml: string): boolean {
  try {
    take(xml);
    return true;
  } catch (error) {
    if (error instanceof VireoError) return false;
    throw error;
  }
}

const files = globSync("{qemu-args/input,xml2xml/qemu/in,xml2xml/generic/in}/**/*.xml", {
  cwd: CORPUS,
}).toSorted();
const taken = files.map((file) => readFileSync(join(CORPUS, file), "utf8")).filter(isTaken);
if (taken.length === 0) throw new Error(`There are no domains below ${CORPUS}`);
const domains = Array.from({ length: DOMAINS }, (_, at) => taken[at % taken.length] ?? "");

function round(): Stages {
  let [parse, resolve, format] = [0, 0, 0];
  for (const xml of domains) {
    const took = take(xml);
    parse += took.parse;
    resolve += took.resolve;
    format += took.format;
  }
  return { parse, resolve, format };
}

for (let left = WARM_UP; left > 0; left -= 1) round();
const rounds = Array.from({ length: ROUNDS }, round);
const total = median(rounds.map(({ parse, resolve, format }) => parse + resolve + format));
const part = (stage: keyof Stages): string =>
  `${stage} ${median(rounds.map((one) => one[stage])).toFixed(0)} ms`;

console.log(
  `${DOMAINS} domains (${taken.length} different, ${Math.round(domains.join("").length / 1024)} KiB): ` +
    `${total.toFixed(0)} ms (${part("parse")}, ${part("resolve")}, ${part("format")})`,
);
if (total > PROMISED_MS) {
  console.error(`bench: promised are ${PROMISED_MS} ms`);
  process.exitCode = 1;
}
