/**
 * Files that wait beside their place and are no volumes: those that were deleted although somebody
 * reads them, for the end of their term, and those that are being brought in.
 */
import { basename, dirname, join } from "node:path";

const SUFFIXES = [".quarantined", ".importing"] as const;

const hidden = (path: string, end: string): string =>
  join(dirname(path), `.${basename(path)}.${end}`);

/** `until` in milliseconds since 1970. */
export const quarantinePath = (path: string, until: number): string =>
  hidden(path, `${until}.quarantined`);

/** `unique` tells two imports of the same name apart. */
export const importPath = (path: string, unique: string): string =>
  hidden(path, `${unique}.importing`);

export const isHidden = (name: string): boolean =>
  name.startsWith(".") && SUFFIXES.some((suffix) => name.endsWith(suffix));
