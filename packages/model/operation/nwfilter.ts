/** What one may do with a packet filter, and with the filters in force on interfaces. */
import { operation } from "./operation.ts";
import {
  doc,
  either,
  list,
  nothing,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

const nwfilter = doc(
  either(
    record({ uuid: doc(text, "UUID of the filter.") }),
    record({ name: doc(text, "Name of the filter.") }),
  ),
  "Which filter.",
);
export type NwFilterRef = ValueType<typeof nwfilter>;

const identity = record({ name: text, uuid: text });
export type NwFilterIdentity = ValueType<typeof identity>;

const binding = doc(record({ name: doc(text, "The interface.") }), "On which interface.");

const bindingSummary = record({
  portDev: doc(text, "The interface."),
  filter: doc(text, "Name of the filter."),
});
export type NwFilterBindingSummary = ValueType<typeof bindingSummary>;

const validate = doc(optional(truth), "Refuse what the schema does not know.");

export const nwfilterOperations = {
  list: operation("nwfilter.list", {
    access: ["connect:search_nwfilters"],
    lane: "read",
    doc: "All packet filters.",
    input: {},
    output: list(identity),
  }),
  lookup: operation("nwfilter.lookup", {
    access: ["nwfilter:getattr"],
    lane: "read",
    doc: "Find a packet filter by name or UUID.",
    input: { nwfilter },
    output: identity,
  }),
  define: operation("nwfilter.define", {
    access: ["nwfilter:write", "nwfilter:save"],
    lane: "modify",
    doc: "Make a packet filter known, or change it; guests that use it follow at once or it stays.",
    input: { xml: doc(text, "The filter as XML."), validate },
    output: identity,
  }),
  undefine: operation("nwfilter.undefine", {
    access: ["nwfilter:delete"],
    lane: "modify",
    doc: "Forget a packet filter that no interface uses.",
    input: { nwfilter },
    output: nothing,
  }),
  xml: operation("nwfilter.xml", {
    access: ["nwfilter:read"],
    lane: "read",
    doc: "The packet filter as XML.",
    input: { nwfilter },
    output: text,
  }),
} as const;

export const nwfilterBindingOperations = {
  list: operation("nwfilterBinding.list", {
    access: ["connect:search_nwfilter_bindings"],
    lane: "read",
    doc: "The interfaces that have a packet filter.",
    input: {},
    output: list(bindingSummary),
  }),
  lookup: operation("nwfilterBinding.lookup", {
    access: ["nwfilter_binding:getattr"],
    lane: "read",
    doc: "Find out which packet filter an interface has.",
    input: { binding },
    output: bindingSummary,
  }),
  create: operation("nwfilterBinding.create", {
    access: ["nwfilter_binding:create"],
    lane: "modify",
    doc: "Put a packet filter in force on an interface.",
    input: { xml: doc(text, "The binding as XML."), validate },
    output: bindingSummary,
  }),
  delete: operation("nwfilterBinding.delete", {
    access: ["nwfilter_binding:delete"],
    lane: "modify",
    doc: "Take the packet filter off an interface.",
    input: { binding },
    output: nothing,
  }),
  xml: operation("nwfilterBinding.xml", {
    access: ["nwfilter_binding:read"],
    lane: "read",
    doc: "The binding as XML.",
    input: { binding },
    output: text,
  }),
} as const;
