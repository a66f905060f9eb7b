/** One line for each call that changes something: who, what, on what, with what result. */
import type { Operation } from "@vireo/model/operation/operation";
import type { Caller } from "../driver/contract.ts";

export interface AuditEntry {
  readonly operation: string;
  readonly caller: Caller;
  readonly subject: string;
  readonly result: "ok" | "failed";
  readonly error?: string;
  readonly ms: number;
}
export type Audit = (entry: AuditEntry) => void;

/** Inputs that are references. */
const SUBJECTS = ["domain", "volume", "pool", "secret", "network"];

/** What the call is about, without its secrets: the reference only. */
export function subjectOf(input: Readonly<Record<string, unknown>>): string {
  const subject = SUBJECTS.map((name) => input[name]).find((one) => one !== undefined);
  return subject === undefined ? "" : JSON.stringify(subject);
}

export const isAudited = (operation: Operation): boolean => operation.lane !== "read";
