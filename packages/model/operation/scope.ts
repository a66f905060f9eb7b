/** What a token is limited to: rights such as `domain:start`, with `*` for any object or any right. */
import { virError } from "../error.ts";
import type { Operation, Permission } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";

/** Whoever may hand out rights has all of them, so no scope contains this one. */
const MANAGE: Permission = "connect:manage_access";

const fits = (pattern: string | undefined, name: string | undefined): boolean =>
  pattern === "*" || pattern === name;

function covers(scope: string, permission: Permission): boolean {
  const [object, right] = scope.split(":");
  const [ofObject, wanted] = permission.split(":");
  return fits(object, ofObject) && fits(right, wanted);
}

/** Whether somebody with these scopes has the right. */
export const inScope = (permission: Permission, scopes: readonly string[]): boolean =>
  permission !== MANAGE && scopes.some((scope) => covers(scope, permission));

const operations = (): readonly Operation[] =>
  Object.values(OPERATIONS).flatMap((verbs) => Object.values(verbs) as Operation[]); // each is one

/** Every right that some operation needs. */
const permissions = (): readonly Permission[] =>
  operations().flatMap(({ access }) =>
    access.map((rule) => (typeof rule === "string" ? rule : rule.permission)),
  );

/** @throws VireoError `invalidArg` for a scope that no operation needs: it was meant otherwise */
export function checkScopes(scopes: readonly string[]): void {
  const known = permissions();
  for (const scope of scopes)
    if (!/^[\w*]+:[\w*]+$/.test(scope) || !known.some((one) => inScope(one, [scope])))
      throw virError(
        "invalidArg",
        `scope '${scope}': expected a right such as 'domain:start' or 'domain:*'`,
      );
}
