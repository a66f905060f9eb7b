/** Who may come in by HTTP: users with passwords, and tokens for programs. */
import { operation } from "./operation.ts";
import { count, doc, integer, list, nothing, optional, record, text, truth } from "./value.ts";
import type { ValueType } from "./value.ts";

const manage = { access: ["connect:manage_access"], lane: "modify" } as const;
const look = { access: ["connect:manage_access"], lane: "read" } as const;

const readOnly = doc(optional(truth), "May look and change nothing.");
const scopes = doc(
  optional(list(text, 100)),
  "Rights that it is limited to, such as `domain:start`, `domain:*` or `*:read`; never that of making users and tokens.",
);
const user = doc(record({ name: text }), "Which user.");
const token = doc(record({ name: text }), "Which token.");
const password = doc(text, "At least 8 characters.");

const userSummary = record({ name: text, readOnly: truth });
export type UserSummary = ValueType<typeof userSummary>;

const tokenSummary = record({
  name: text,
  readOnly: truth,
  scopes,
  expiresAt: doc(optional(count), "Milliseconds since 1970; never when absent."),
});
export type TokenSummary = ValueType<typeof tokenSummary>;

export const userOperations = {
  list: operation("user.list", {
    ...look,
    doc: "Users of the HTTP door.",
    input: {},
    output: list(userSummary),
  }),
  create: operation("user.create", {
    ...manage,
    doc: "Let somebody sign in with a password.",
    input: { name: text, password, readOnly },
    output: userSummary,
  }),
  setPassword: operation("user.setPassword", {
    ...manage,
    doc: "Give a user another password; open sessions end.",
    input: { user, password },
    output: nothing,
  }),
  delete: operation("user.delete", {
    ...manage,
    doc: "Forget a user; open sessions end.",
    input: { user },
    output: nothing,
  }),
} as const;

export const tokenOperations = {
  list: operation("token.list", {
    ...look,
    doc: "Tokens of the HTTP door, without their secrets.",
    input: {},
    output: list(tokenSummary),
  }),
  create: operation("token.create", {
    ...manage,
    doc: "Make a token for a program. Its secret is told once.",
    input: {
      name: text,
      readOnly,
      scopes,
      lifeS: doc(optional(integer(1)), "Seconds until it ends; endless when absent."),
    },
    output: record({ name: text, secret: text }),
  }),
  delete: operation("token.delete", {
    ...manage,
    doc: "Revoke a token.",
    input: { token },
    output: nothing,
  }),
} as const;
