/** libvirt's XML-to-arguments cases: parse, resolve, check, write the command line, compare. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkStart } from "@vireo/model/domain/check/check-start";
import { checkDomain } from "@vireo/model/domain/check/check";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import { argvOf } from "@vireo/qemu/command/argument";
import { commandLine, type QemuCommand } from "@vireo/qemu/command/command-line";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import { fakeFacts, latestFacts, withEnvironment } from "./corpus-facts.ts";
import type { CorpusCase } from "./manifest.ts";
import { readManifest } from "./manifest.ts";
import { fakeCapabilities, latestCapabilities } from "./qemu-args-capabilities.ts";
import { mockContext, type MockCase } from "./qemu-args-context.ts";
import { startedDomain } from "./qemu-args-start.ts";
import { CORPUS } from "../harness/corpus.ts";

export type ArgsCase = CorpusCase &
  MockCase & {
    readonly tier?: string;
    readonly qemu72?: string;
    readonly domain?: { readonly arch?: string };
    /** Capabilities the case has beside those of "latest". */
    readonly extraCaps?: readonly string[];
    readonly tolerate?: readonly string[];
  };

export interface ArgsResult {
  readonly corpus: string;
  readonly id: string;
  readonly tier: string;
  /** `equal`, `refused`: as expected; the rest is not. */
  readonly outcome: "equal" | "refused" | "different" | "threw" | "accepted" | "wrong message";
  readonly detail: string;
}

interface Difference {
  readonly kind: string;
  readonly option?: string;
  readonly id?: string;
  readonly key?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}
/** What we use of `compare-args.mjs`, which comes with the corpus. */
interface Comparator {
  normalise(input: unknown): unknown;
  compare(
    actual: unknown,
    expected: unknown,
    options?: { tolerate?: readonly string[] },
  ): { readonly equal: boolean; readonly differences: readonly Difference[] };
  compareError(actual: string, expected: string): "exact" | "contains" | "different";
}

/** The comparator beside the corpus, or in the shared place. */
async function loadComparator(corpus: string): Promise<Comparator> {
  const places = [join(corpus, "../compare-args.mjs"), join(CORPUS, "../compare-args.mjs")];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`No compare-args.mjs beside ${corpus}`);
  return (await import(found)) as Comparator;
}

/** "latest", or what the case pretends; a CPU of another machine when it names one. */
function factsOf(corpus: string, folder: string, one: ArgsCase): ResolveFacts {
  const { arch = "x86_64" } = one.domain ?? {};
  const facts =
    folder === "qemu-args"
      ? latestFacts(corpus)
      : fakeFacts(arch, Array.isArray(one.caps) ? one.caps : []);
  const capabilities = new Set([...facts.capabilities, ...(one.extraCaps ?? [])]);
  return withEnvironment({ ...facts, capabilities }, one);
}

/** The command line our pipeline writes for one case. */
export function translate(corpus: string, folder: string, one: ArgsCase): QemuCommand {
  const xml = readFileSync(join(corpus, folder, one.input), "utf8");
  const facts = factsOf(corpus, folder, one);
  const { domain } = parseDomain(xml);
  const resolved = resolveDomain(domain, facts);
  checkDomain(resolved, facts);
  checkStart(resolved);
  const caps = folder === "qemu-args" ? latestCapabilities(corpus) : fakeCapabilities(facts);
  const context = mockContext(resolved, one);
  return commandLine(startedDomain(resolved, join(corpus, folder), one), caps, context);
}

const show = (value: unknown): string => (value === undefined ? "(absent)" : JSON.stringify(value));
const describe = (difference: Difference): string =>
  [
    difference.kind,
    `-${difference.option ?? ""}`,
    difference.id ?? "",
    difference.key ?? "",
    `expected ${show(difference.expected)} got ${show(difference.actual)}`,
  ].join(" ");

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function judgeError(
  one: ArgsCase,
  message: string,
  comparator: Comparator,
): Pick<ArgsResult, "outcome" | "detail"> {
  if (one.error === true) return { outcome: "refused", detail: "" };
  const expected = one.error ?? "";
  return comparator.compareError(message, expected) === "different"
    ? { outcome: "wrong message", detail: `expected: ${expected}\n      got: ${message}` }
    : { outcome: "refused", detail: "" };
}

function judge(
  corpus: string,
  folder: string,
  one: ArgsCase,
  comparator: Comparator,
): Pick<ArgsResult, "outcome" | "detail"> {
  let command: QemuCommand;
  try {
    command = translate(corpus, folder, one);
  } catch (error) {
    if (one.error !== undefined) return judgeError(one, messageOf(error), comparator);
    const trace =
      error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 4).join("|") : "";
    return { outcome: "threw", detail: `${messageOf(error)} ${trace}` };
  }
  if (one.error !== undefined || one.expected === undefined)
    return { outcome: "accepted", detail: `expected: ${String(one.error)}` };
  const expected: unknown = JSON.parse(readFileSync(join(corpus, folder, one.expected), "utf8"));
  const actual = comparator.normalise({
    argv: [command.binary, ...argvOf(command.args)],
    env: command.env,
  });
  const result = comparator.compare(actual, expected, { tolerate: one.tolerate ?? [] });
  if (result.equal) return { outcome: "equal", detail: "" };
  return { outcome: "different", detail: result.differences.map(describe).join("\n      ") };
}

const CORPORA = ["qemu-args", "qemu-args-fakecaps"] as const;

const tierOf = (folder: string, one: ArgsCase): string => {
  const tier = folder === "qemu-args" ? (one.tier ?? "?") : "fakecaps";
  return one.error === undefined ? tier : `${tier} errors`;
};

/** Runs the cases of a corpus directory whose `corpus/id` contains `filter`. */
export async function runQemuArgs(corpus: string, filter = ""): Promise<readonly ArgsResult[]> {
  const comparator = await loadComparator(corpus);
  return CORPORA.filter((folder) => existsSync(join(corpus, folder))).flatMap((folder) =>
    (readManifest(corpus, folder) as readonly ArgsCase[])
      .filter((one) => `${folder}/${one.id}`.includes(filter) && one.capsDependent !== true)
      .map((one) => ({
        corpus: folder,
        id: one.id,
        tier: tierOf(folder, one),
        ...judge(corpus, folder, one, comparator),
      })),
  );
}

export const passed = ({ outcome }: ArgsResult): boolean =>
  outcome === "equal" || outcome === "refused";

/** Passed and all, by tier. */
export function tally(
  results: readonly ArgsResult[],
): ReadonlyMap<string, readonly [number, number]> {
  const counts = new Map<string, [number, number]>();
  for (const result of results) {
    const count = counts.get(result.tier) ?? [0, 0];
    count[0] += passed(result) ? 1 : 0;
    count[1] += 1;
    counts.set(result.tier, count);
  }
  return counts;
}

if (import.meta.main) {
  const [corpus = CORPUS, filter = ""] = process.argv.slice(2);
  const results = await runQemuArgs(corpus, filter);
  for (const result of results.filter((one) => !passed(one)))
    console.log(`${result.outcome} ${result.tier} ${result.id}\n      ${result.detail}`);
  for (const [tier, [good, all]] of [...tally(results)].sort())
    console.log(`${tier.padEnd(16)} ${good}/${all} ${((100 * good) / all).toFixed(1)} %`);
}
