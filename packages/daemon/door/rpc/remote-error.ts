/** Our errors in the struct that libvirt's clients understand. */
import { explainError, isError, virError, type VireoError } from "@vireo/model/error";
import type { RemoteErrorBody } from "@vireo/rpc/server-contract";

const LEVEL_ERROR = 2;
/** Enough for any honest message; keeps one error from filling a client's buffer. */
const TEXT_LIMIT = 64 * 1024;

const cut = (text: string | undefined): string | null => text?.slice(0, TEXT_LIMIT) ?? null;

/** Anything that is not of the catalogue is a bug of ours and becomes `internalError`. */
const catalogued = (error: unknown): VireoError =>
  isError(error) ? error : virError("internalError", explainError(error), { cause: error });

export function remoteError(thrown: unknown): RemoteErrorBody {
  const error = catalogued(thrown);
  return {
    code: error.code,
    domain: error.from ?? 7,
    message: cut(error.message),
    level: LEVEL_ERROR,
    dom: null,
    str1: cut(error.str1),
    str2: cut(error.str2),
    str3: cut(error.str3),
    int1: error.int1,
    int2: error.int2,
    net: null,
  };
}
