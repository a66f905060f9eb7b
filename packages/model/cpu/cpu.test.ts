import assert from "node:assert/strict";
import { test } from "node:test";
import { baselineCpu } from "./baseline-cpu.ts";
import { compareCpu, type ComparisonHost } from "./compare-cpu.ts";
import { formatCpu, parseCpu } from "./cpu-description.ts";
import { type CpuLeaf, factsFromCpuid, migratableFacts, signatureFromWord } from "./cpu-facts.ts";
import { decodeCpu } from "./decode-cpu.ts";
import { cpuMapFiles, parseCpuMap } from "./parse-cpu-map.ts";
import { translateCpu, updateCpu } from "./update-cpu.ts";
import { verifyCpu } from "./verify-cpu.ts";

const bit = (name: string, at: number, more = ""): string =>
  `<feature name='${name}'${more}><cpuid eax_in='0x01' edx='0x${(1 << at).toString(16)}'/></feature>`;
const model = (name: string, features: string, more = ""): string =>
  `<model name='${name}'>${more}${features
    .split(" ")
    .map((one) => `<feature name='${one}'/>`)
    .join("")}</model>`;
const MADE_BY_ACME = "<vendor name='Acme'/>";

/** An invented family of processors. */
const MAP = parseCpuMap([
  "<cpus><vendor name='Acme' string='ABCDEFGHIJKL'/></cpus>",
  `<cpus>${["add", "sub", "mul", "div", "sqrt"].map((name, at) => bit(name, at)).join("")}
    ${bit("clock", 5, " migratable='no'")}
    <feature name='long_word'><alias name='lw' source='qemu'/><msr index='0x10' eax='0x1'/></feature></cpus>`,
  `<cpus>${model("any", "add")}</cpus>`,
  `<cpus>${model("old", "add sub", MADE_BY_ACME)}</cpus>`,
  `<cpus>${model("new", "add sub mul div", `<signature family='6' model='7' stepping='2-3'/>${MADE_BY_ACME}`)}</cpus>`,
]);

const ZERO = { source: "cpuid", subIndex: 0, eax: 0, ebx: 0, ecx: 0, edx: 0 } as const;
/** "ABCD" "EFGH" "IJKL" in ebx, edx and ecx. */
const MAKER: CpuLeaf = { ...ZERO, index: 0, ebx: 0x44434241, edx: 0x48474645, ecx: 0x4c4b4a49 };
const cpu = (edx: number, eax = 0) => factsFromCpuid([MAKER, { ...ZERO, index: 1, eax, edx }], MAP);

test("cpu map: the index names the files of an architecture in order", () => {
  const index =
    "<cpus><arch name='arm'><include filename='a'/></arch><arch name='x86'><include filename='v'/><include filename='m'/></arch></cpus>";
  assert.deepEqual(cpuMapFiles(index, "x86"), ["v", "m"]);
});

test("cpu map: names are found however their words are parted", () => {
  assert.equal(MAP.featureCalled("long-word"), "long_word");
  assert.equal(MAP.featureCalled("lw"), "long_word");
  assert.equal(MAP.featureCalled("nosuch"), undefined);
  assert.equal(MAP.feature("long-word"), undefined);
});

test("cpuid: features, maker and signature", () => {
  const facts = cpu(0b100101, 0x00020672);
  assert.equal(facts.vendor, "Acme");
  assert.deepEqual([...facts.features], ["add", "mul", "clock"]);
  assert.deepEqual(signatureFromWord(0x00020672), { family: 6, model: 0x27, stepping: 2 });
  assert.deepEqual(signatureFromWord(0x00a10f11), { family: 25, model: 17, stepping: 1 });
  assert.deepEqual([...migratableFacts(facts, MAP).features], ["add", "mul"]);
});

test("decode: a host has all of its model, a guest may lack some", () => {
  const lacking = cpu(0b1_0111); // no div
  assert.deepEqual(decodeCpu(lacking, MAP, { kind: "host" }), {
    model: "old",
    vendor: "Acme",
    features: [
      { name: "mul", policy: "require" },
      { name: "sqrt", policy: "require" },
    ],
  });
  const signed = cpu(0b0111, 0x00000672);
  assert.deepEqual(decodeCpu(signed, MAP, { kind: "guest" }), {
    model: "new",
    vendor: "Acme",
    features: [{ name: "div", policy: "disable" }],
  });
});

test("decode: only offered models, without what blocks them", () => {
  const all = cpu(0b1111);
  const offered = [{ name: "new", blockers: ["mul"] }];
  assert.deepEqual(decodeCpu(all, MAP, { kind: "guest", offered }).features, [
    { name: "mul", policy: "disable" },
  ]);
  assert.throws(() => decodeCpu(all, MAP, { kind: "guest", offered: [] }), /suitable CPU model/);
});

const HOST: ComparisonHost = { arch: "x86_64", vendor: "Acme", features: cpu(0b0111).features };
const compare = (xml: string) => compareCpu(HOST, parseCpu(xml, "auto"), MAP);

test("compare: what is missing, what is too much, what does not matter", () => {
  assert.equal(compare("<cpu><model>old</model></cpu>").result, "superset");
  const mul = "<feature policy='require' name='mul'/>";
  assert.equal(compare(`<cpu><model>old</model>${mul}</cpu>`).result, "identical");
  assert.equal(
    compare("<cpu><model>new</model></cpu>").reason,
    "Host CPU does not provide required features: div",
  );
  const free = "<feature policy='optional' name='div'/>";
  assert.equal(compare(`<cpu><model>new</model>${free}</cpu>`).result, "identical");
  assert.match(
    compare("<cpu match='strict'><model>old</model></cpu>").reason ?? "",
    /Extra features: mul$/,
  );
  const forbidden = "<feature policy='forbid' name='sub'/>";
  assert.match(compare(`<cpu><model>any</model>${forbidden}</cpu>`).reason ?? "", /forbidden/);
  assert.match(compare("<cpu><arch>ppc64</arch><model>any</model></cpu>").reason ?? "", /arch/);
});

test("cpu xml: what libvirt refuses is refused in its words", () => {
  const refused = (xml: string, kind: "host" | "auto", why: RegExp) =>
    assert.throws(() => compareCpu(HOST, parseCpu(xml, kind), MAP), why);
  refused("<cpu><model>old</model></cpu>", "host", /Missing CPU architecture/);
  refused("<cpu><arch>x86_64</arch></cpu>", "auto", /Missing CPU model name/);
  refused("<cpu mode='custom'/>", "host", /mode is only allowed for guest CPU/);
  refused("<cpu><model>nosuch</model></cpu>", "auto", /Unknown CPU model nosuch/);
  refused(
    "<cpu><arch>x86_64</arch><model>old</model><feature name='no'/></cpu>",
    "auto",
    /feature no/,
  );
  assert.throws(
    () => parseCpu("<cpu><model>old</model><odd/></cpu>", "auto", { strict: true }),
    /odd/,
  );
});

const host = (name: string, features = "", vendor = "<vendor>Acme</vendor>") =>
  parseCpu(`<cpu><arch>x86_64</arch><model>${name}</model>${vendor}${features}</cpu>`, "host");

test("baseline: what all have in common, by the nearest model", () => {
  const more = "<feature name='mul'/><feature name='clock'/>";
  const joined = baselineCpu([host("new", "<feature name='clock'/>"), host("old", more)], MAP);
  assert.equal(
    formatCpu(joined),
    `<cpu mode='custom' match='exact'>
  <model fallback='allow'>old</model>
  <vendor>Acme</vendor>
  <feature policy='require' name='mul'/>
  <feature policy='require' name='clock'/>
</cpu>
`,
  );
  const migratable = baselineCpu([host("old", more)], MAP, { migratable: true, expand: true });
  assert.deepEqual(
    migratable.features?.map(({ name }) => name),
    ["add", "mul", "sub"],
  );
  assert.equal(baselineCpu([host("new"), host("old", "", "")], MAP).vendor, undefined);
  const other = host("any", "", "<vendor>Other</vendor>");
  assert.throws(() => baselineCpu([host("old"), other], MAP), /CPU vendors do not match/);
});

test("update: the host's model with the guest's own wishes on top", () => {
  const named = {
    model: "old",
    vendor: "Acme",
    features: [{ name: "mul", policy: "require" }],
  } as const;
  const wish = parseCpu(
    "<cpu mode='host-model'><feature policy='disable' name='mul'/></cpu>",
    "auto",
  );
  const { mode, model: settled, features } = updateCpu(wish, named, MAP);
  assert.deepEqual(
    [mode, settled?.name, features],
    ["custom", "old", [{ name: "mul", policy: "disable" }]],
  );
  const open = parseCpu(
    "<cpu><model>old</model><feature policy='optional' name='mul'/><feature policy='optional' name='div'/></cpu>",
    "auto",
  );
  assert.deepEqual(
    updateCpu(open, named, MAP).features?.map(({ policy }) => policy),
    ["require", "disable"],
  );
});

test("translate: another model where the hypervisor lacks it, unless that is forbidden", () => {
  const wish = parseCpu("<cpu><model>old</model></cpu>", "auto");
  const { model: found, features } = translateCpu(wish, MAP, [{ name: "any" }]);
  assert.equal(found?.name, "any");
  assert.deepEqual(features, [{ name: "sub", policy: "require" }]);
  const firm = parseCpu("<cpu><model fallback='forbid'>old</model></cpu>", "auto");
  assert.throws(
    () => translateCpu(firm, MAP, [{ name: "any" }]),
    /old is not supported by hypervisor/,
  );
});

test("verify: the guest's CPU is described as it was made, or refused when all was to be checked", () => {
  const wish = parseCpu(
    "<cpu><model>old</model><feature policy='require' name='mul'/><feature policy='require' name='long_word'/></cpu>",
    "auto",
  );
  const made = new Set(["sub", "div"]);
  const { check, features } = verifyCpu(wish, made, MAP);
  assert.equal(check, "full");
  assert.deepEqual(
    features?.map(({ name, policy }) => `${policy} ${name}`),
    [
      "disable mul",
      "require long_word", // no register of CPUID shows it
      "disable add",
      "require div",
    ],
  );
  assert.throws(
    () => verifyCpu({ ...wish, check: "full" }, made, MAP),
    /extra features: div, missing features: add,mul$/,
  );
});
