/** Values that several operations on domains share. */
import {
  count,
  doc,
  either,
  integer,
  oneOf,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

export const domainRef = doc(
  either(
    record({ uuid: doc(text, "UUID of the domain.") }),
    record({ name: doc(text, "Name of the domain.") }),
    record({ id: doc(integer(0), "Id of the running domain.") }),
  ),
  "Which domain.",
);
export type DomainRef = ValueType<typeof domainRef>;

export const domainIdentity = record({
  name: text,
  uuid: text,
  id: doc(optional(integer(0)), "Only while active."),
});
export type DomainIdentity = ValueType<typeof domainIdentity>;

/** States of a domain, in the order of libvirt's numbers (the first is 0). */
export const DOMAIN_STATES = [
  "nostate",
  "running",
  "blocked",
  "paused",
  "shutdown",
  "shutoff",
  "crashed",
  "pmsuspended",
] as const;
export type DomainStateName = (typeof DOMAIN_STATES)[number];

export const domainState = record({
  state: oneOf(...DOMAIN_STATES),
  reason: doc(count, "libvirt's number of the reason within the state."),
});
export type DomainState = ValueType<typeof domainState>;

/** Which definition a change or a question is about; neither means the current one. */
export const affect = {
  live: doc(optional(truth), "The running domain."),
  config: doc(optional(truth), "The persistent definition."),
};
