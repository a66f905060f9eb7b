/** What is asked before a payload is decoded: a read-only client gets nothing that changes or reveals. */
import { virError, type VireoError } from "@vireo/model/error";
import type { ProcedureInfo } from "@vireo/rpc/server-contract";
import type { DoorSession } from "./door-session.ts";

const isReadOnly = ({ kind, state }: DoorSession): boolean =>
  kind === "ro" || state.connection?.caller.readOnly === true;

const forbidden = ({ api, name }: ProcedureInfo) =>
  virError("operationDenied", `read only access prevents ${api ?? name}`, { from: 20 });

/** libvirt lets a client on its way in open and close a connection on any socket. */
export function authorize(session: DoorSession, procedure: ProcedureInfo): void {
  if (isReadOnly(session) && (procedure.readOnly ?? "denied") === "denied")
    throw forbidden(procedure);
}

/** The procedures that a read-only client may call with some arguments only. */
export function authorizeArgs(session: DoorSession, procedure: ProcedureInfo, args: object): void {
  const { readOnly } = procedure;
  if (!isReadOnly(session) || typeof readOnly !== "object") return;
  const value: unknown = Object.entries(args).find(([field]) => field === readOnly.field)?.[1];
  if (typeof value !== "number") return;
  const denied = "bits" in readOnly ? (value & readOnly.bits) !== 0 : value === readOnly.equals;
  if (denied) throw revealing(procedure);
}

/** libvirt has words of its own for documents that would show secrets. */
function revealing(procedure: ProcedureInfo): VireoError {
  const { api } = procedure;
  return api?.endsWith("GetXMLDesc") === true
    ? virError("operationDenied", `${api} with secure flag`, { from: 20 })
    : forbidden(procedure);
}
