/** Files that were deleted although somebody reads them wait beside their old place, hidden, for the end of their term. */
import { basename, dirname, join } from "node:path";

const SUFFIX = ".quarantined";

/** `until` in milliseconds since 1970. */
export const quarantinePath = (path: string, until: number): string =>
  join(dirname(path), `.${basename(path)}.${until}${SUFFIX}`);

export const isQuarantined = (name: string): boolean =>
  name.startsWith(".") && name.endsWith(SUFFIX);
