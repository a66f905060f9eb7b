/** Who may do what: read-only callers may look, all others may do everything their door let in. */
import { virError } from "@vireo/model/error";
import type { AccessRule, Operation, Permission } from "@vireo/model/operation/operation";
import type { Caller } from "../driver/contract.ts";

/** Permissions that do not change anything nor reveal a secret. */
const LOOKING = /^\w+:(getattr|read|search\w*)$/;

const mayRead = (permission: Permission): boolean => LOOKING.test(permission);

const applies = (rule: AccessRule, input: Readonly<Record<string, unknown>>): boolean =>
  typeof rule === "string" || input[rule.if] === true;

/**
 * Throws `operationDenied` unless the caller holds every permission that this call needs.
 * `label` is how the client names the call, for the message.
 */
export function checkAccess(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { caller, label }: { caller: Caller; label: string },
): void {
  if (!caller.readOnly) return;
  const refused = operation.access.find(
    (rule) => applies(rule, input) && !mayRead(typeof rule === "string" ? rule : rule.permission),
  );
  if (refused !== undefined)
    throw virError("operationDenied", `read only access prevents ${label}`, { from: 20 });
}
