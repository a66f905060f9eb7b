/** What one may do with a virtual network. */
import { UPDATE_COMMANDS, UPDATE_SECTIONS, type UpdateSection } from "../network/update-section.ts";
import { operation } from "./operation.ts";
import {
  count,
  doc,
  either,
  integer,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

/** How operations are told of a network. */
export const networkRef = doc(
  either(
    record({ uuid: doc(text, "UUID of the network.") }),
    record({ name: doc(text, "Name of the network.") }),
  ),
  "Which network.",
);
const network = networkRef;
export type NetworkRef = ValueType<typeof network>;

const identity = record({ name: text, uuid: text });
export type NetworkIdentity = ValueType<typeof identity>;

const summary = record({
  name: text,
  uuid: text,
  active: truth,
  persistent: truth,
  autostart: truth,
  bridge: optional(text),
});
export type NetworkSummary = ValueType<typeof summary>;

const lease = record({
  interface: doc(text, "The network's bridge."),
  expiry: doc(count, "Seconds since 1970; 0 for ever."),
  family: oneOf("ipv4", "ipv6"),
  mac: optional(text),
  iaid: optional(text),
  address: text,
  prefix: count,
  hostname: optional(text),
  clientId: optional(text),
});
export type NetworkLease = ValueType<typeof lease>;

const yes = (about: string) => doc(optional(truth), about);
const xml = doc(text, "The network as XML.");
const validate = yes("Refuse what the schema does not know.");
const read = { access: ["network:read"], lane: "read" } as const;
const modify = { lane: "modify" } as const;
// the keys of a constant are its sections
const SECTIONS = Object.keys(UPDATE_SECTIONS) as readonly UpdateSection[];

export const networkOperations = {
  list: operation("network.list", {
    access: ["connect:search_networks"],
    lane: "read",
    doc: "All networks that the caller may see.",
    input: {},
    output: list(summary),
  }),
  lookup: operation("network.lookup", {
    access: ["network:getattr"],
    lane: "read",
    doc: "Find a network by name or UUID.",
    input: { network },
    output: summary,
  }),
  define: operation("network.define", {
    ...modify,
    access: ["network:write", "network:save"],
    doc: "Make a network known for good, or replace its persistent definition.",
    input: { xml, validate },
    output: identity,
  }),
  create: operation("network.create", {
    ...modify,
    access: ["network:write", "network:start"],
    doc: "Start a transient network from XML.",
    input: { xml, validate },
    output: identity,
  }),
  start: operation("network.start", {
    ...modify,
    access: ["network:start"],
    doc: "Start a defined, inactive network.",
    input: { network },
    output: nothing,
  }),
  destroy: operation("network.destroy", {
    ...modify,
    access: ["network:stop"],
    doc: "Stop a network; its guests lose it.",
    input: { network },
    output: nothing,
  }),
  undefine: operation("network.undefine", {
    ...modify,
    access: ["network:delete"],
    doc: "Forget a network's persistent definition.",
    input: { network },
    output: nothing,
  }),
  update: operation("network.update", {
    ...modify,
    access: ["network:write", { permission: "network:save", if: "config" }],
    doc: "Add, replace or take out one entry of a network.",
    input: {
      network,
      command: oneOf(...UPDATE_COMMANDS),
      section: oneOf(...SECTIONS),
      parentIndex: doc(integer(-1, 65_535), "Which of several <ip>; -1 for the one meant."),
      xml: doc(text, "The entry as XML."),
      live: yes("In the running network."),
      config: yes("In the persistent definition."),
    },
    output: nothing,
  }),
  xml: operation("network.xml", {
    ...read,
    doc: "The network as XML.",
    input: { network, inactive: yes("The persistent definition, also while it is active.") },
    output: text,
  }),
  setAutostart: operation("network.setAutostart", {
    ...modify,
    access: ["network:write"],
    doc: "Say whether the network starts with the daemon.",
    input: { network, autostart: truth },
    output: nothing,
  }),
  leases: operation("network.leases", {
    ...read,
    doc: "Addresses that the network's DHCP server has given.",
    input: { network, mac: doc(optional(text), "Only to this MAC address.") },
    output: list(lease),
  }),
} as const;
