/** What one may ask about CPUs, and about QEMU's own language. */
import { operation } from "./operation.ts";
import { doc, list, oneOf, optional, text, truth } from "./value.ts";

const read = { access: ["connect:read"], lane: "read" } as const;
const write = { access: ["connect:write"], lane: "read" } as const;

/** A kind of domain. */
export const flavour = {
  emulator: doc(optional(text), "Path of the QEMU binary."),
  arch: doc(optional(text), "Architecture of the guest."),
  machine: doc(optional(text), "Machine type."),
  virtType: doc(optional(text), "Either `kvm` or `qemu`."),
};
const comparison = {
  xml: doc(text, "The CPU, as XML."),
  failIncompatible: doc(optional(truth), "An incompatible CPU is an error, which says why."),
  validate: doc(optional(truth), "Refuse what the schema does not know."),
};
const joined = {
  cpus: doc(list(text, 256), "CPUs, as XML."),
  expand: doc(optional(truth), "Name the features of the model too."),
  migratable: doc(optional(truth), "Leave out what would keep guests from migrating."),
};
const verdict = oneOf("incompatible", "identical", "superset");

export const connectCpuOperations = {
  cpuModelNames: operation("connect.cpuModelNames", {
    ...read,
    doc: "Names of the CPU models of an architecture; none when every name is taken.",
    input: { arch: doc(text, "Architecture.") },
    output: list(text),
  }),
  compareCpu: operation("connect.compareCpu", {
    ...read,
    doc: "Whether the host has what a CPU needs.",
    input: comparison,
    output: verdict,
  }),
  baselineCpu: operation("connect.baselineCpu", {
    ...read,
    doc: "The best CPU that several hosts can give, as XML.",
    input: joined,
    output: text,
  }),
  compareHypervisorCpu: operation("connect.compareHypervisorCpu", {
    ...write,
    doc: "Whether an emulator can give a guest the CPU.",
    input: { ...flavour, ...comparison },
    output: verdict,
  }),
  baselineHypervisorCpu: operation("connect.baselineHypervisorCpu", {
    ...write,
    doc: "The best CPU that several hosts and an emulator can give, as XML.",
    input: { ...flavour, ...joined },
    output: text,
  }),
  domainXmlToNative: operation("connect.domainXmlToNative", {
    ...write,
    doc: "The command line that would start a domain.",
    input: { format: doc(text, "Always `qemu-argv`."), xml: doc(text, "The domain, as XML.") },
    output: text,
  }),
} as const;
