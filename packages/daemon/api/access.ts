/** Who may do what: read-only callers may look, tokens do what their scopes say, all others everything that their door lets in. */
import { virError } from "@vireo/model/error";
import type { AccessRule, Operation, Permission } from "@vireo/model/operation/operation";
import { inScope } from "@vireo/model/operation/scope";
import type { Caller } from "../driver/contract.ts";

/** Permissions that do not change anything nor reveal a secret. */
const LOOKING = /^\w+:(getattr|read|search\w*)$/;

const mayRead = (permission: Permission): boolean => LOOKING.test(permission);

const applies = (rule: AccessRule, input: Readonly<Record<string, unknown>>): boolean =>
  typeof rule === "string" || input[rule.if] === true;

/** Why the caller has not got the right; undefined when he has. */
function lack({ readOnly, scopes }: Caller, permission: Permission): string | undefined {
  if (readOnly && !mayRead(permission)) return "read only access prevents";
  if (scopes !== undefined && !inScope(permission, scopes)) return "the token's scopes prevent";
  return undefined;
}

/** Whether the caller has the right. */
export const hasRight = (caller: Caller, permission: Permission): boolean =>
  lack(caller, permission) === undefined;

/**
 * Throws `operationDenied` unless the caller holds every permission that this call needs.
 * `label` is how the client names the call, for the message.
 */
export function checkAccess(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { caller, label }: { caller: Caller; label: string },
): void {
  for (const rule of operation.access) {
    if (!applies(rule, input)) continue;
    const why = lack(caller, typeof rule === "string" ? rule : rule.permission);
    if (why !== undefined) throw virError("operationDenied", `${why} ${label}`, { from: 20 });
  }
}
