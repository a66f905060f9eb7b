import { ErrorDomain } from "../../error-catalogue.ts";
import type { ErrorKind } from "../../error-catalogue.ts";
import { virError } from "../../error.ts";

const refuse =
  (kind: ErrorKind) =>
  (message: string): never => {
    throw virError(kind, message, { from: ErrorDomain.domain });
  };

/** "unsupported configuration: …" */
export const unsupported: (message: string) => never = refuse("configUnsupported");
/** "XML error: …" */
export const wrongXml: (message: string) => never = refuse("xmlError");
/** The message alone. */
export const wrongDetail: (message: string) => never = refuse("xmlDetail");
/** "internal error: …" */
export const internal: (message: string) => never = refuse("internalError");
/** "invalid argument: …" */
export const wrongArgument: (message: string) => never = refuse("invalidArg");
