/** libvirt's CPU tests: raw CPUID and QEMU's answers to models, comparing, joining and settling CPUs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baselineCpu } from "../../packages/model/cpu/baseline-cpu.ts";
import { compareCpu } from "../../packages/model/cpu/compare-cpu.ts";
import {
  type CpuDescription,
  factsOf,
  formatCpu,
  parseCpu,
} from "../../packages/model/cpu/cpu-description.ts";
import { type CpuFacts, type CpuLeaf, factsFromCpuid } from "../../packages/model/cpu/cpu-facts.ts";
import type { CpuMap } from "../../packages/model/cpu/cpu-map.ts";
import {
  decodeCpu,
  type NamedCpu,
  type OfferedModel,
} from "../../packages/model/cpu/decode-cpu.ts";
import { translateCpu, updateCpu } from "../../packages/model/cpu/update-cpu.ts";
import type { Cpu } from "../../packages/model/domain/cpu.ts";
import { parseXml } from "../../packages/model/xml/parse-xml.ts";
import type { XmlElement } from "../../packages/model/xml/tree.ts";
import { libvirtCpuMap } from "../../packages/daemon/host/libvirt-cpu-map.ts";
import {
  expandedCpu,
  factsOfExpansion,
  offeredModels,
} from "../../packages/qemu/capability/cpu-expansion.ts";
import { accelerator } from "../../packages/qemu/capability/from-answers.ts";
import { firstDifference } from "./canonical-xml.ts";
import { readManifest, type CorpusCase } from "./manifest.ts";
import { messageOf, type ConformanceResult } from "./result.ts";

type CpuCase = CorpusCase & {
  readonly host: string;
  readonly result?: string;
  readonly feature?: string;
  readonly flags?: readonly string[];
  readonly inputs?: readonly string[];
  readonly usableModels?: readonly string[] | null;
  readonly cpuid: string;
  readonly expectedHost: string;
  readonly expectedGuest: string;
  readonly json: string;
  readonly qmp?: string;
  readonly expectedJson?: string;
};

interface Bench {
  readonly map: CpuMap;
  readonly read: (file: string) => string;
}

const ARCH = "x86_64";

/** The difference, or nothing when the case is passed. */
type Check = (one: CpuCase, bench: Bench) => string | undefined;

const same = (actual: string, expected: string): string | undefined =>
  actual === expected ? undefined : `got ${actual}, expected ${expected}`;

function attempt(work: () => string): string {
  try {
    return work();
  } catch {
    return "error";
  }
}

const hostIn = ({ host }: CpuCase, { map, read }: Bench) => {
  const cpu = parseCpu(read(host), "host");
  const facts = factsOf(cpu, map);
  // only what the description itself says counts as the host's maker
  const { vendor: _model, ...rest } = facts;
  return { ...rest, ...(cpu.vendor === undefined ? {} : { vendor: cpu.vendor }), arch: ARCH };
};

const compare: Check = (one, bench) =>
  same(
    attempt(() => {
      const cpu = parseCpu(bench.read(one.input), "auto");
      return compareCpu(hostIn(one, bench), cpu, bench.map).result;
    }),
    one.result ?? "",
  );

const hasFeature: Check = (one, bench) => {
  const { feature = "", result = "" } = one;
  const known = bench.map.feature(feature) !== undefined;
  const has = hostIn(one, bench).features.has(feature);
  return same(known ? (has ? "yes" : "no") : "fail", result);
};

/** A test file holds several `<cpu>`. */
const cpusIn = (text: string): readonly CpuDescription[] =>
  parseXml(text).children.map(({ source, start, end }) =>
    parseCpu(sliceOf(source, start, end), "auto"),
  );
/** The whole element, of which the tree only knows where its start tag lies. */
const sliceOf = (source: string, start: number, end: number): string => {
  const close = source.indexOf("</cpu>", end);
  return source.slice(start, close + "</cpu>".length);
};

const differs = (cpu: Cpu, expected: string): string | undefined =>
  firstDifference(formatCpu(cpu), expected);

const baseline: Check = ({ input, inputs, flags = [], expected = "" }, { map, read }) => {
  const cpus =
    inputs === undefined ? cpusIn(read(input)) : inputs.map((file) => parseCpu(read(file), "auto"));
  const options = { expand: flags.includes("expanded"), migratable: flags.includes("migratable") };
  return differs(baselineCpu(cpus, map, options), read(expected));
};

function namedHost(one: CpuCase, { map, read }: Bench): NamedCpu {
  const cpu = parseCpu(read(one.host), "host");
  const { vendor, model, features = [] } = cpu;
  return {
    model: model?.name ?? "",
    ...(vendor === undefined ? {} : { vendor }),
    features: features
      .filter(({ name }) => map.feature(name)?.migratable !== false)
      .map(({ name }) => ({ name, policy: "require" })),
  };
}

const update: Check = (one, bench) =>
  differs(
    updateCpu(parseCpu(bench.read(one.input), "auto"), namedHost(one, bench), bench.map),
    bench.read(one.expected ?? ""),
  );

const guestCpu: Check = (one, bench) => {
  const { usableModels, expected } = one;
  const settle = (): string => {
    const cpu = updateCpu(
      parseCpu(bench.read(one.input), "auto"),
      namedHost(one, bench),
      bench.map,
    );
    const offered = usableModels?.map((name) => ({ name }));
    return formatCpu(offered ? translateCpu(cpu, bench.map, offered) : cpu);
  };
  if (expected === undefined) return same(attempt(settle), "error");
  return firstDifference(settle(), bench.read(expected));
};

const leafOf = ({ name, attributes }: XmlElement): CpuLeaf => {
  const number = (key: string): number => Number(attributes.get(key) ?? 0);
  const registers = {
    eax: number("eax"),
    ebx: number("ebx"),
    ecx: number("ecx"),
    edx: number("edx"),
  };
  return name === "msr"
    ? { source: "msr", index: number("index"), subIndex: 0, ...registers }
    : { source: "cpuid", index: number("eax_in"), subIndex: number("ecx_in"), ...registers };
};

/** Several JSON documents, one after the other. */
const documents = (text: string): readonly unknown[] =>
  text
    .trim()
    .split(/\n(?=\{)/)
    .map((part) => JSON.parse(part) as unknown);

const answer = (document: unknown): unknown =>
  typeof document === "object" && document !== null && "return" in document
    ? document.return
    : undefined;

const offeredIn = (definitions: unknown): readonly OfferedModel[] =>
  offeredModels(
    accelerator((execute) => (execute === "query-cpu-definitions" ? definitions : undefined))
      .cpuModels,
  );

const named = (facts: CpuFacts, map: CpuMap, offered: readonly OfferedModel[] | undefined): Cpu => {
  const { model, ...rest } = decodeCpu(facts, map, { kind: "guest", offered });
  return { mode: "custom", match: "exact", model: { fallback: "forbid", name: model }, ...rest };
};

const hostXml = (facts: CpuFacts, map: CpuMap): string => {
  const { model, vendor = "", features } = decodeCpu(facts, map, { kind: "host" });
  const { family = 0, model: number = 0, stepping = 0 } = facts.signature ?? {};
  const lines = features.map(({ name }) => `<feature name='${name}'/>`).join("");
  return `<cpu><arch>${ARCH}</arch><model>${model}</model>${vendor && `<vendor>${vendor}</vendor>`}<signature family='${family}' model='${number}' stepping='${stepping}'/>${lines}</cpu>`;
};

const cpuid: Check = (one, { map, read }) => {
  const facts = factsFromCpuid(parseXml(read(one.cpuid)).children.map(leafOf), map);
  const [expansion, definitions] = (one.qmp === undefined ? [] : documents(read(one.qmp))).map(
    answer,
  );
  const models = one.json.startsWith("JSON_MODELS") ? offeredIn(definitions) : undefined;
  const asHost = firstDifference(hostXml(facts, map), read(one.expectedHost));
  if (asHost !== undefined) return `host: ${asHost}`;
  const asGuest = differs(named(facts, map, models), read(one.expectedGuest));
  if (asGuest !== undefined) return `guest: ${asGuest}`;
  const told = expandedCpu(expansion);
  if (one.expectedJson === undefined || told === undefined) return undefined;
  const asQemu = differs(named(factsOfExpansion(told, map), map, models), read(one.expectedJson));
  return asQemu === undefined ? undefined : `QEMU's: ${asQemu}`;
};

const CHECKS: Readonly<Record<string, Check>> = {
  compare,
  "has-feature": hasFeature,
  baseline,
  "cpuid-baseline": baseline,
  update,
  "guest-cpu": guestCpu,
  cpuid,
};

function run(one: CpuCase, bench: Bench): ConformanceResult {
  const about = { corpus: "cpu", tier: one.kind, id: one.id };
  try {
    const check = CHECKS[one.kind];
    if (check === undefined) throw new Error(`no runner for ${one.kind}`);
    const difference = check(one, bench);
    return { ...about, passed: difference === undefined, detail: difference ?? "" };
  } catch (error) {
    return { ...about, passed: false, detail: messageOf(error) };
  }
}

/** Needs libvirt's CPU map, which is a file of the host like its schemas. */
export async function runCpu(corpus: string): Promise<readonly ConformanceResult[]> {
  const map = await libvirtCpuMap();
  if (!existsSync(join(corpus, "cpu")) || map === undefined) return [];
  const read = (file: string): string => readFileSync(join(corpus, "cpu", file), "utf8");
  return (readManifest(corpus, "cpu") as readonly CpuCase[]).map((one) => run(one, { map, read }));
}
