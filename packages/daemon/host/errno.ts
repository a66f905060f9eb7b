/** The one place where error numbers of the host become errors of ours. */
import { getSystemErrorMap } from "node:util";
import { systemError, type VireoError } from "@vireo/model/error";

/** Where Node's words are not the C library's. */
const WORDS: Readonly<Record<number, string>> = {
  16: "Device or resource busy",
  17: "File exists",
  34: "Numerical result out of range",
  95: "Operation not supported",
};

const described = (errno: number): string => {
  const words = WORDS[errno];
  if (words !== undefined) return words;
  const [, text] = getSystemErrorMap().get(-errno) ?? ["", `error ${errno}`];
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `errno` is positive, as the kernel counts. */
export const errnoError = (what: string, errno: number): VireoError =>
  systemError(what, { errno, reason: described(errno) });

/** Whatever a `node:fs` or `node:child_process` call threw; other errors keep their own text. */
export function hostError(what: string, cause: unknown): VireoError {
  return systemError(what, { errno: errnoOf(cause) ?? 0, reason: describedErrno(cause), cause });
}

/** The kernel's words for what a `node:fs` call threw; other errors keep their own. */
export function describedErrno(error: unknown): string {
  const errno = errnoOf(error);
  if (errno !== undefined) return described(errno);
  return error instanceof Error ? error.message : String(error);
}

/** The positive error number of a Node error, if it has one. */
function errnoOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errno" in error)) return undefined;
  return typeof error.errno === "number" ? Math.abs(error.errno) : undefined;
}

/** Whether `error` is a Node error with this code, such as `ENOENT`. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  codes.includes(error.code);
