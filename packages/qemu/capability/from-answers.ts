/** From QEMU's answers to what it can do: pure, so that recorded answers serve as well as live ones. */
import { virError } from "@vireo/model/error";
import type {
  AcceleratorCapability,
  BestCpu,
  CapabilityData,
  CpuModelCapability,
  MachineCapability,
} from "./capabilities.ts";
import { hypervFeatures } from "./hyperv.ts";
import { sevOf, sgxOf } from "./confidential.ts";
import { ALWAYS, COMMAND_FLAGS, OPTION_FLAGS, PROPERTY_FLAGS, TYPE_FLAGS } from "./flag-table.ts";
import { expandedCpu, switchesOf } from "./cpu-expansion.ts";
import {
  bestCpuQuestion,
  modelQuestion,
  subjectOf,
  type Answers,
  type Question,
} from "./question.ts";
import { schemaFlags } from "./schema-flag.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];
const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
const count = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
const names = (value: unknown): ReadonlySet<string> =>
  new Set(list(value).flatMap(({ name }) => text(name) ?? []));

/** Only members that QEMU gave. */
const known = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const machineOf = (info: Fields): MachineCapability => ({
  name: text(info["name"]) ?? "",
  ...known({
    alias: text(info["alias"]),
    isDefault: info["is-default"] === true ? true : undefined,
    deprecated: info["deprecated"] === true ? true : undefined,
    maxCpus: count(info["cpu-max"]),
    hotplugCpus: info["hotpluggable-cpus"] === true ? true : undefined,
    defaultCpu: text(info["default-cpu-type"]),
    defaultRamId: text(info["default-ram-id"]),
    numaMemSupported: info["numa-mem-supported"] === true ? true : undefined,
  }),
});

const cpuOf = (info: Fields, answers: Answers): CpuModelCapability => ({
  name: text(info["name"]) ?? "",
  typeName: text(info["typename"]) ?? "",
  ...known({
    blockers: Array.isArray(info["unavailable-features"])
      ? texts(info["unavailable-features"])
      : undefined,
    deprecated: info["deprecated"] === true ? true : undefined,
    definition: expandedCpu(told(answers, modelQuestion(text(info["name"]) ?? ""))),
  }),
});

const told = (answers: Answers, { execute, arguments: args }: Question): unknown =>
  answers(execute, subjectOf(args));

function bestCpu(answers: Answers, name: "host" | "max"): BestCpu | undefined {
  const answer = told(answers, bestCpuQuestion(name, false));
  const full = expandedCpu(answer);
  if (full === undefined) return undefined;
  return {
    full,
    switches: switchesOf(answer),
    ...known({ migratable: expandedCpu(told(answers, bestCpuQuestion(name, true))) }),
  };
}

/** What `query-machines` and `query-cpu-definitions` answered under one accelerator. */
export const accelerator = (answers: Answers): AcceleratorCapability => ({
  machines: list(answers("query-machines")).map(machineOf),
  cpuModels: list(answers("query-cpu-definitions")).map((info) => cpuOf(info, answers)),
  ...known({ bestCpu: bestCpu(answers, "host") ?? bestCpu(answers, "max") }),
});

function optionFlags(answer: unknown): readonly string[] {
  const options = new Map(list(answer).map((one) => [one["option"], names(one["parameters"])]));
  return OPTION_FLAGS.flatMap(([option, parameter, flag]) => {
    const parameters = options.get(option);
    const has = parameters !== undefined && (parameter === undefined || parameters.has(parameter));
    return has ? [flag] : [];
  });
}

const propertyFlags = (answers: Answers): readonly string[] =>
  Object.entries(PROPERTY_FLAGS).flatMap(
    ([typename, { flags, ask = "device-list-properties" }]) => {
      const properties = names(answers(ask, typename));
      return Object.entries(flags).flatMap(([property, flag]) =>
        properties.has(property) ? [flag] : [],
      );
    },
  );

const commandFlags = (answer: unknown): readonly string[] => {
  const commands = names(answer);
  return Object.entries(COMMAND_FLAGS).flatMap(([command, flag]) =>
    commands.has(command) ? [flag] : [],
  );
};

const typeFlags = (answer: unknown): readonly string[] =>
  [...names(answer)].flatMap((type) => [type, ...(TYPE_FLAGS[type] ?? [])]);

/** What follows from several answers or from defaults among them. */
function derivedFlags(answers: Answers): readonly string[] {
  const kvm = answers("query-kvm");
  const blk = list(answers("device-list-properties", "virtio-blk-pci"));
  const scsi = blk.find(({ name }) => name === "scsi");
  const tcg = names(answers("qom-list-types")).has("tcg-accel");
  const options = list(answers("query-command-line-options"));
  return [
    ...(isFields(kvm) && kvm["enabled"] === true ? ["kvm"] : []),
    ...(tcg ? ["tcg"] : []),
    ...(scsi?.["default-value"] === false ? ["virtio-blk-pci.scsi.default.disabled"] : []),
    ...(options.some(({ option }) => option === "numa") ? ["numa.hmat"] : []),
    ...(list(answers("query-qmp-schema")).length > 0
      ? ["canonical-cpu-features", "netdev.json"]
      : []),
  ];
}

/** What QEMU does not describe anywhere and libvirt concludes from its version. */
const versionFlags = (version: number, flags: ReadonlySet<string>): readonly string[] => [
  ...(version >= COMPAT_SINCE ? ["compat-deprecated"] : []),
  ...(flags.has("i440FX") ? ["machine-vmport-opt"] : []),
  ...(flags.has("hpet") && !flags.has("machine-hpet") ? ["no-hpet"] : []),
];
/** `-compat` came with QEMU 6.0. */
const COMPAT_SINCE = 6_000_000;

const versionOf = (answer: unknown): { version: number; package: string } => {
  const qemu = isFields(answer) && isFields(answer["qemu"]) ? answer["qemu"] : {};
  const part = (name: string): number => count(qemu[name]) ?? 0;
  return {
    version: part("major") * 1_000_000 + part("minor") * 1000 + part("micro"),
    package: (isFields(answer) ? text(answer["package"]) : undefined) ?? "",
  };
};

/**
 * `answers` of the binary under its best accelerator; `tcg` under TCG when that was another run.
 * @throws VireoError `internalError` when the answers lack what every QEMU tells
 */
export function capabilitiesFromAnswers(
  binary: string,
  answers: Answers,
  tcgAnswers: Answers = answers,
): CapabilityData {
  const target = answers("query-target");
  const arch = isFields(target) ? text(target["arch"]) : undefined;
  if (arch === undefined)
    throw virError("internalError", `'${binary}' did not say which architecture it emulates`);
  const flags = new Set([
    ...ALWAYS,
    ...typeFlags(answers("qom-list-types")),
    ...propertyFlags(answers),
    ...optionFlags(answers("query-command-line-options")),
    ...commandFlags(answers("query-commands")),
    ...schemaFlags(answers("query-qmp-schema")),
    ...derivedFlags(answers),
  ]);
  const version = versionOf(answers("query-version"));
  for (const flag of versionFlags(version.version, flags)) flags.add(flag);
  return {
    binary,
    arch,
    ...version,
    flags: [...flags].toSorted(),
    tcg: accelerator(tcgAnswers),
    ...(flags.has("kvm") ? { kvm: accelerator(answers) } : {}),
    tpmModels: texts(answers("query-tpm-models")),
    tpmTypes: texts(answers("query-tpm-types")),
    ...known({
      hyperv: hypervFeatures(answers),
      sev: sevOf(answers("query-sev-capabilities")),
      sgx: sgxOf(answers("query-sgx-capabilities")),
    }),
  };
}
