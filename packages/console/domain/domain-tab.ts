import type { OperationOutput } from "@vireo/model/operation/operations";

export type DomainSummary = OperationOutput<"domain", "list">[number];

/** What each tab of a domain is given. */
export interface DomainTabProps {
  readonly domain: DomainSummary;
}
