/** The one error type that crosses rooms and reaches clients. */
import { ERRORS, type ErrorDomain, type ErrorEntry, type ErrorKind } from "./error-catalogue.ts";

export type ErrorDomainNumber = (typeof ErrorDomain)[keyof typeof ErrorDomain];

export interface ErrorOptions {
  /** Who speaks; drivers leave it out and the api fills in theirs. */
  readonly from?: ErrorDomainNumber;
  readonly cause?: unknown;
  /** The whole message when it does not follow the template; then `template` and `str2` go on the wire as `str1`, `str2`. */
  readonly message?: string;
  readonly str1?: string;
  readonly str2?: string;
  readonly str3?: string;
  readonly int1?: number;
  readonly int2?: number;
}

const messageOf = (entry: ErrorEntry, detail: string | undefined): string =>
  detail === undefined ? entry.bare : entry.detailed.replace("%s", () => detail);

/**
 * An error of the catalogue.
 * `message` is what libvirt's clients print; `str1`, `str2`, `str3`, `int1`, `int2` travel beside it on the wire.
 */
export class VireoError extends Error {
  readonly kind: ErrorKind;
  readonly code: number;
  readonly detail: string | undefined;
  readonly from: ErrorDomainNumber | undefined;
  readonly str1: string | undefined;
  readonly str2: string | undefined;
  readonly str3: string | undefined;
  readonly int1: number;
  readonly int2: number;

  constructor(kind: ErrorKind, detail?: string, options: ErrorOptions = {}) {
    const entry: ErrorEntry = ERRORS[kind];
    super(
      options.message ?? messageOf(entry, detail),
      "cause" in options ? { cause: options.cause } : {},
    );
    this.name = "VireoError";
    this.kind = kind;
    this.code = entry.code;
    this.detail = detail;
    this.from = options.from;
    this.str1 = options.str1 ?? (detail === undefined ? entry.bare : entry.detailed);
    this.str2 = options.str2 ?? detail;
    this.str3 = options.str3;
    this.int1 = options.int1 ?? -1;
    this.int2 = options.int2 ?? -1;
  }

  /** The same error, told by the part `from` of the system. */
  spokenBy(from: ErrorDomainNumber): VireoError {
    const { message, str1, str2, str3, int1, int2, cause } = this;
    const texts = {
      ...(str1 === undefined ? {} : { str1 }),
      ...(str2 === undefined ? {} : { str2 }),
      ...(str3 === undefined ? {} : { str3 }),
    };
    return new VireoError(this.kind, this.detail, { from, message, int1, int2, cause, ...texts });
  }
}

/** Makes an error of the catalogue; throw it. */
export const virError = (kind: ErrorKind, detail?: string, options?: ErrorOptions): VireoError =>
  new VireoError(kind, detail, options);

/** `code 8` as libvirt words it when a call's argument is wrong: the message stands alone, function and argument go beside it. */
export const badArgument = (
  message: string,
  { function: name, argument }: { function: string; argument: string },
): VireoError =>
  new VireoError("invalidArg", undefined, {
    message,
    str1: name,
    str2: argument,
    int1: 0,
    int2: 0,
  });

/** A failed system call: `errno` is the positive error number, `reason` its text. */
export const systemError = (
  what: string,
  { errno, reason, cause }: { errno: number; reason: string; cause?: unknown },
): VireoError =>
  new VireoError("systemError", `${what}: ${reason}`, { int1: errno, int2: -1, cause });

export function isError(error: unknown, kind?: ErrorKind): error is VireoError {
  return error instanceof VireoError && (kind === undefined || error.kind === kind);
}

/** The chain of causes, outermost first, for a log line. */
export function explainError(error: unknown): string {
  const parts: string[] = [];
  let at: unknown = error;
  while (at !== undefined && parts.length < 10) {
    parts.push(at instanceof Error ? at.message : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(": ");
}
