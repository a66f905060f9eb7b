/** The name of an image relative to one above it. Pure. */
import { posix } from "node:path";
import { virError } from "@vireo/model/error";

/** @throws VireoError `operationInvalid` when they are not both files */
export function relativeBacking(above: string | undefined, below: string | undefined): string {
  if (above === undefined || below === undefined)
    throw virError("operationInvalid", "can't keep relative backing relationship");
  return posix.relative(posix.dirname(above), below);
}
