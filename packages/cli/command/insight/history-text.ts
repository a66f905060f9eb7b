/** What `history` prints: a row for each revision. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import { formatTable } from "../../table.ts";

type Revisions = OperationOutput<"domain", "history">;

export const historyText = (revisions: Revisions, how: { readonly quiet: boolean }): string =>
  formatTable(
    ["At", "Saved", "By", "Operation", ""],
    revisions.map(({ at, current, by = "-", operation = "-" }) => [
      String(at),
      new Date(at).toISOString(),
      by,
      operation,
      current ? "now" : "",
    ]),
    how,
  );
