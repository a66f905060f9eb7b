import { join } from "node:path";

/** Where the conformance corpus is unless a command is told otherwise: `VIREO_CORPUS`, or beside the checkout. */
export const CORPUS =
  process.env["VIREO_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus/dev");
