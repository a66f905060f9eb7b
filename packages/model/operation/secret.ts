/** What one may do with a secret. */
import { SECRET_USAGES } from "../secret/secret-usage.ts";
import { operation } from "./operation.ts";
import {
  doc,
  either,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

const usage = oneOf(...SECRET_USAGES);
export const secretRef = doc(
  either(
    record({ uuid: doc(text, "UUID of the secret.") }),
    record({ usage, id: doc(text, "What it is for.") }),
  ),
  "Which secret.",
);
export type SecretRef = ValueType<typeof secretRef>;

export const secretIdentity = record({
  uuid: text,
  usage,
  id: doc(text, "What it is for; empty without a usage."),
});
export type SecretIdentity = ValueType<typeof secretIdentity>;

const secretSummary = record({ uuid: text, usage, id: text, ephemeral: truth, private: truth });
export type SecretSummary = ValueType<typeof secretSummary>;

const secret = secretRef;
/** A secret's value may be any bytes. */
const value = doc(text, "The value, in base64.");

export const secretOperations = {
  list: operation("secret.list", {
    access: ["connect:search_secrets"],
    lane: "read",
    doc: "All secrets that the caller may see, without values.",
    input: {},
    output: list(secretSummary),
  }),
  lookup: operation("secret.lookup", {
    access: ["secret:getattr"],
    lane: "read",
    doc: "Find a secret by UUID or usage.",
    input: { secret },
    output: secretIdentity,
  }),
  define: operation("secret.define", {
    access: ["secret:write", "secret:save"],
    lane: "modify",
    doc: "Make a secret known, or change what is known of it; its value stays.",
    input: {
      xml: doc(text, "The secret as XML."),
      validate: doc(optional(truth), "Refuse what the schema does not know."),
    },
    output: secretIdentity,
  }),
  undefine: operation("secret.undefine", {
    access: ["secret:delete"],
    lane: "modify",
    doc: "Forget a secret and its value.",
    input: { secret },
    output: nothing,
  }),
  xml: operation("secret.xml", {
    access: ["secret:read"],
    lane: "read",
    doc: "The secret as XML, without its value.",
    input: { secret },
    output: text,
  }),
  setValue: operation("secret.setValue", {
    access: ["secret:write"],
    lane: "modify",
    doc: "Give a secret its value.",
    input: { secret, value },
    output: nothing,
  }),
  value: operation("secret.value", {
    access: ["secret:read_secure"],
    lane: "read",
    doc: "The value of a secret; never that of a private one.",
    input: { secret },
    output: value,
  }),
} as const;
