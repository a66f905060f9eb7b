/** Errors as RFC 9457 problem documents, with libvirt's code and domain beside the HTTP status. */
import { ERRORS } from "@vireo/model/error-catalogue";
import { explainError, isError, virError, type VireoError } from "@vireo/model/error";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Key of the error in the catalogue. */
  readonly kind: string;
  /** libvirt's error code. */
  readonly code: number;
  /** libvirt's error domain: which part of the system spoke. */
  readonly domain: number;
}

export const PROBLEM_TYPE = "application/problem+json";

/** What fastify itself refuses (a body too large, no JSON ...) carries a status of its own. */
const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" && error.statusCode >= 400
    ? error.statusCode
    : undefined;
};

function asVireo(error: unknown): VireoError {
  if (isError(error)) return error;
  const status = statusOf(error) ?? 500;
  const kind = status < 500 ? "invalidArg" : "internalError";
  return virError(kind, explainError(error), { cause: error });
}

/** The document for any error, our own or foreign. */
export function problemOf(error: unknown): Problem {
  const told = asVireo(error);
  const { bare, http } = ERRORS[told.kind];
  const otherwise = isError(error) ? http : 500;
  return {
    type: `urn:vireo:error:${told.kind}`,
    title: bare,
    status: statusOf(error) ?? otherwise,
    detail: told.message,
    kind: told.kind,
    code: told.code,
    domain: told.from ?? 0,
  };
}
