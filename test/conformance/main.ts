/**
 * Runs every corpus that has a runner and prints a table.
 *
 *     npm run conformance -- --corpus DIR [--only CORPUS] [--json FILE] [--failures]
 *
 * Exit status 1 when a case fails that the ledger does not know, or a listed one passes.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCpu } from "./cpu.ts";
import { runDomainCaps } from "./domaincaps.ts";
import { runFilterFirewall, runNetworkFirewall } from "./firewall.ts";
import { runFirmware } from "./firmware.ts";
import { judge, readLedger, type Verdict } from "./ledger.ts";
import { runMomentXml } from "./moment.ts";
import { runNetworkConf, runNetworkXml } from "./network.ts";
import { passed, runQemuArgs } from "./qemu-args.ts";
import { runQemuBlock } from "./qemu-block.ts";
import { runQemuHotplug } from "./qemu-hotplug.ts";
import { runQemuStatus } from "./qemu-status.ts";
import type { ConformanceResult } from "./result.ts";
import { runStorageArgv, runStorageXml } from "./storage.ts";
import { runXml2xml } from "./xml2xml.ts";
import { CORPUS } from "../harness/corpus.ts";

type Runner = (
  corpus: string,
) => readonly ConformanceResult[] | Promise<readonly ConformanceResult[]>;

const args =
  (name: string): Runner =>
  async (corpus) =>
    (await runQemuArgs(corpus, `${name}/`)).map((one) => ({
      corpus: name,
      tier: one.tier,
      id: one.id,
      passed: passed(one),
      detail: `${one.outcome}: ${one.detail}`,
    }));

const xml2xml: Runner = (corpus) => [
  ...domainXml(corpus),
  ...runStorageXml(corpus),
  ...runNetworkXml(corpus),
  ...runMomentXml(corpus),
];

const domainXml = (corpus: string): readonly ConformanceResult[] =>
  runXml2xml(corpus).map(({ id, variant, outcome, detail }) => ({
    corpus: "xml2xml",
    tier: id.split("/")[0] ?? "",
    id: `${id} ${variant}`,
    passed: ["bytes", "same", "refused"].includes(outcome),
    detail: `${outcome}: ${detail}`,
  }));

const block: Runner = (corpus) =>
  runQemuBlock(corpus).map(({ id, kind, outcome, detail }) => ({
    corpus: "qemu-block",
    tier: kind,
    id,
    passed: ["same", "refused"].includes(outcome),
    detail: `${outcome}: ${detail}`,
  }));

const RUNNERS: Readonly<Record<string, Runner>> = {
  "qemu-args": args("qemu-args"),
  "qemu-args-fakecaps": args("qemu-args-fakecaps"),
  "qemu-block": block,
  "qemu-hotplug": runQemuHotplug,
  "qemu-status": runQemuStatus,
  "network-conf": runNetworkConf,
  "network-firewall": runNetworkFirewall,
  "nwfilter-firewall": runFilterFirewall,
  "storage-argv": runStorageArgv,
  xml2xml,
  domaincaps: runDomainCaps,
  firmware: runFirmware,
  cpu: runCpu,
};

const { values } = parseArgs({
  options: {
    corpus: { type: "string", default: CORPUS },
    only: { type: "string" },
    json: { type: "string" },
    failures: { type: "boolean", default: false },
  },
});

const corpus = resolve(values.corpus);
if (!existsSync(corpus)) {
  console.error(`conformance: there is no corpus at ${corpus}; name one with --corpus DIR`);
  process.exit(2);
}

const verdicts: Verdict[] = [];
for (const [name, run] of Object.entries(RUNNERS)) {
  if (values.only !== undefined && values.only !== name) continue;
  if (existsSync(join(corpus, name))) verdicts.push(...judge(await run(corpus), readLedger()));
}

const rows = new Map<string, Verdict[]>();
for (const one of verdicts) {
  const key = `${one.corpus.padEnd(20)} ${one.tier.padEnd(16)}`;
  rows.set(key, [...(rows.get(key) ?? []), one]);
}
const count = (all: readonly Verdict[], verdict: Verdict["verdict"]): number =>
  all.filter((one) => one.verdict === verdict).length;

if (values.failures)
  for (const one of verdicts)
    if (one.verdict === "failed") console.log(`${one.corpus} ${one.id}\n    ${one.detail}`);
console.log(
  `${"corpus".padEnd(20)} ${"tier or kind".padEnd(16)} passed  known  failed   of    passed`,
);
for (const [key, all] of [...rows].toSorted(([a], [b]) => a.localeCompare(b))) {
  const good = count(all, "passed");
  const cells = [good, count(all, "known"), count(all, "failed"), all.length];
  const percent = `${((100 * good) / all.length).toFixed(1)} %`;
  console.log(
    `${key} ${cells.map((cell) => String(cell).padStart(6)).join(" ")} ${percent.padStart(8)}`,
  );
}
const stale = verdicts.filter(({ verdict }) => verdict === "listed but passes");
for (const { corpus: name, id } of stale) console.log(`listed but passes: ${name} ${id}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, null, 1)}\n`);
process.exitCode = stale.length > 0 || verdicts.some(({ verdict }) => verdict === "failed") ? 1 : 0;
