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

/** What the call is about, without its secrets: the reference only. */
export function subjectOf(input: Readonly<Record<string, unknown>>): string {
  const domain = input["domain"];
  return domain === undefined ? "" : JSON.stringify(domain);
}

export const isAudited = (operation: Operation): boolean => operation.lane !== "read";
