import type { ErrorDomainNumber } from "../error.ts";
import { virError } from "../error.ts";
import type { Issue } from "./issue.ts";

/** Throws the first `error` among the issues, with its line and column as `int1` and `int2`. */
export function throwFirst(issues: readonly Issue[], from?: ErrorDomainNumber): void {
  const first = issues.find(({ severity }) => severity === "error");
  if (first === undefined) return;
  const { fault = "xmlError", message, line, column } = first;
  const who = from === undefined ? {} : { from };
  throw virError(fault, message === "" ? undefined : message, { ...who, int1: line, int2: column });
}
