/** What one may do with the host's own network interfaces. */
import { operation } from "./operation.ts";
import {
  doc,
  either,
  integer,
  list,
  nothing,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

const ref = doc(
  either(
    record({ name: doc(text, "Name of the interface.") }),
    record({ mac: doc(text, "Its MAC address.") }),
  ),
  "Which interface of the host.",
);
export type HostInterfaceRef = ValueType<typeof ref>;

const summary = record({
  name: text,
  mac: doc(text, "Empty when it has none."),
  active: truth,
});
export type HostInterfaceSummary = ValueType<typeof summary>;

const transaction = { access: ["connect:interface_transaction"], lane: "modify" } as const;

export const hostInterfaceOperations = {
  list: operation("hostInterface.list", {
    access: ["connect:search_interfaces"],
    lane: "read",
    doc: "Interfaces of the host: those that are there, and those that are defined.",
    input: {},
    output: list(summary),
  }),
  lookup: operation("hostInterface.lookup", {
    access: ["interface:getattr"],
    lane: "read",
    doc: "Find an interface of the host by name or MAC address.",
    input: { interface: ref },
    output: summary,
  }),
  xml: operation("hostInterface.xml", {
    access: ["interface:read"],
    lane: "read",
    doc: "An interface of the host as XML.",
    input: {
      interface: ref,
      inactive: doc(optional(truth), "As it is defined, not as it is."),
    },
    output: text,
  }),
  define: operation("hostInterface.define", {
    access: ["interface:write", "interface:save"],
    lane: "modify",
    doc: "Define an interface of the host; nothing happens to it until it is started.",
    input: {
      xml: doc(text, "The interface as XML."),
      validate: doc(optional(truth), "Refuse what the schema does not know."),
    },
    output: summary,
  }),
  undefine: operation("hostInterface.undefine", {
    access: ["interface:delete"],
    lane: "modify",
    doc: "Forget the definition of an interface.",
    input: { interface: ref },
    output: nothing,
  }),
  start: operation("hostInterface.start", {
    access: ["interface:start"],
    lane: "modify",
    doc: "Set an interface up as it is defined.",
    input: { interface: ref },
    output: nothing,
  }),
  destroy: operation("hostInterface.destroy", {
    access: ["interface:stop"],
    lane: "modify",
    doc: "Take an interface down.",
    input: { interface: ref },
    output: nothing,
  }),
  beginChange: operation("hostInterface.beginChange", {
    ...transaction,
    doc: "Remember all definitions, so that changes can be taken back.",
    input: {
      seconds: doc(
        optional(integer(1, 86_400)),
        "Take everything back by itself after so long unless it is kept; also when the daemon or the host ends before.",
      ),
    },
    output: nothing,
  }),
  commitChange: operation("hostInterface.commitChange", {
    ...transaction,
    doc: "Keep what was changed.",
    input: {},
    output: nothing,
  }),
  rollbackChange: operation("hostInterface.rollbackChange", {
    ...transaction,
    doc: "Take back what was changed since the beginning.",
    input: {},
    output: nothing,
  }),
} as const;
