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

/** Asked again under each accelerator. */
export const ACCELERATOR_QUESTIONS: readonly Question[] = [
  { execute: "query-machines" },
  { execute: "query-cpu-definitions" },
];
