/** What is asked of a QEMU to learn what it can do. */
import type { JsonObject } from "../json.ts";
import { PROPERTY_FLAGS } from "./flag-table.ts";

export interface Question {
  readonly execute: string;
  readonly arguments?: JsonObject;
}

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
];

/** Asked again under each accelerator. */
export const ACCELERATOR_QUESTIONS: readonly Question[] = [
  { execute: "query-machines" },
  { execute: "query-cpu-definitions" },
];
