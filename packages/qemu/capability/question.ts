/** What is asked of a QEMU to learn what it can do. */
import type { JsonObject } from "../json.ts";
import { PROPERTY_FLAGS } from "./flag-table.ts";

export interface Question {
  readonly execute: string;
  readonly arguments?: JsonObject;
}

/** The answer to a command, about a `subject` as in `subjectOf`; `undefined` when QEMU refused it. */
export type Answers = (execute: string, subject?: string) => unknown;

/** What a question is about; with the command it tells one answer from another. */
export function subjectOf(args: unknown): string {
  if (typeof args !== "object" || args === null) return "";
  if ("typename" in args) return String(args.typename);
  return "model" in args ? JSON.stringify(args) : "";
}

/** The host's CPU with every Hyper-V enlightenment that the accelerator can give. */
export const HYPERV_QUESTION: Question = {
  execute: "query-cpu-model-expansion",
  arguments: {
    type: "full",
    model: { name: "host", props: { migratable: false, "hv-passthrough": true } },
  },
};

const DEVICES = Object.entries(PROPERTY_FLAGS);

/** Properties of devices, and of other objects, that some capability hangs on. */
const propertyQuestions: readonly Question[] = DEVICES.map(
  ([typename, { ask = "device-list-properties" }]) => ({
    execute: ask,
    arguments: { typename },
  }),
);

/** Asked once of each binary. */
export const BINARY_QUESTIONS: readonly Question[] = [
  { execute: "query-version" },
  { execute: "query-target" },
  { execute: "query-kvm" },
  { execute: "query-qmp-schema" },
  { execute: "query-commands" },
  { execute: "qom-list-types" },
  ...propertyQuestions,
  { execute: "query-tpm-models" },
  { execute: "query-tpm-types" },
  { execute: "query-command-line-options" },
  { execute: "query-sev-capabilities" },
  { execute: "query-sgx-capabilities" },
  HYPERV_QUESTION,
];

const expansion = (model: JsonObject): Question => ({
  execute: "query-cpu-model-expansion",
  arguments: { type: "static", model },
});
/** A named model, spelled out. */
export const modelQuestion = (name: string): Question => expansion({ name });

/** The best CPU of an accelerator: the host's own under KVM, all that TCG can do under TCG. */
export const bestCpuQuestion = (name: "host" | "max", migratable: boolean): Question =>
  expansion(migratable ? { name } : { name, props: { migratable } });

/** Asked again under each accelerator. */
export const ACCELERATOR_QUESTIONS: readonly Question[] = [
  { execute: "query-machines" },
  { execute: "query-cpu-definitions" },
  ...(["host", "max"] as const).flatMap((name) => [
    bestCpuQuestion(name, true),
    bestCpuQuestion(name, false),
  ]),
];

const nameIn = (definition: unknown): string | undefined =>
  typeof definition === "object" && definition !== null && "name" in definition
    ? String(definition.name)
    : undefined;

/** What each named model is; QEMU tells it of x86 only, and versions of models are no names of libvirt's. */
export function followUps(answers: Answers): readonly Question[] {
  const definitions = answers("query-cpu-definitions");
  const names = Array.isArray(definitions) ? definitions.map(nameIn) : [];
  if (!names.includes("qemu64") && !names.includes("qemu32")) return [];
  return names.flatMap((name) =>
    name === undefined || /^(host|max|base)$|-v\d+$/.test(name) ? [] : [modelQuestion(name)],
  );
}
