/**
 * Files that wait beside their place and are no volumes: those that were deleted although somebody
 * reads them, for the end of their term, and those that are not finished.
 */
import { basename, dirname, join } from "node:path";

const SUFFIXES = [".quarantined", ".unfinished"] as const;

const hidden = (path: string, end: string): string =>
  join(dirname(path), `.${basename(path)}.${end}`);

/** `until` in milliseconds since 1970. */
export const quarantinePath = (path: string, until: number): string =>
  hidden(path, `${until}.quarantined`);

/** Without the file's own name: together they could be longer than a name may be. */
export const unfinishedPath = (path: string, unique: string): string =>
  join(dirname(path), `.${unique}.unfinished`);

export const isHidden = (name: string): boolean =>
  name.startsWith(".") && SUFFIXES.some((suffix) => name.endsWith(suffix));
