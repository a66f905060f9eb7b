/** What `history` prints: a row for each revision. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import { formatTable } from "../../table.ts";

type Revisions = OperationOutput<"domain", "history">;

export const historyText = (revisions: Revisions, how: { readonly quiet: boolean }): string =>
  formatTable(
    ["At", "Saved", ""],
    revisions.map(({ at, current }) => [
      String(at),
      new Date(at).toISOString(),
      current ? "now" : "",
    ]),
    how,
  );
