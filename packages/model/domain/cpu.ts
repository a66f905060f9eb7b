/** `<cpu>`: the processor the guest sees. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, content, requiredAttr, text } from "../schema/member.ts";
import { oneOf, onOff, positive, string, stringWhere, uint } from "../schema/scalar.ts";
import { Numa } from "./numa.ts";

const vendorId = stringWhere("exactly 12 characters without comma", (raw) =>
  raw.length === 12 ? raw : undefined,
);

export const CpuModel = element("model", "A named CPU model.", {
  fallback: attr(oneOf("allow", "forbid"), {
    invalid: "Invalid fallback attribute",
    fault: "configUnsupported",
    doc: "Whether a similar model may be taken when QEMU lacks it.",
  }),
  vendorId: attr(vendorId, {
    invalid: "vendor_id must be exactly 12 characters long",
    name: "vendor_id",
    doc: "Vendor string of CPUID.",
  }),
  name: content(string, { doc: "Name of the model." }),
});
export const CpuTopology = element("topology", "How virtual CPUs are grouped.", {
  sockets: requiredAttr(positive, {
    doc: "Sockets.",
  }),
  dies: attr(positive, { doc: "Dies per socket.", default: 1 }),
  cores: requiredAttr(positive, {
    doc: "Cores per die.",
  }),
  threads: requiredAttr(positive, {
    doc: "Threads per core.",
  }),
});
export const CpuFeature = element("feature", "One feature of the CPU.", {
  policy: attr(oneOf("force", "require", "optional", "disable", "forbid"), {
    doc: "Whether the guest has it.",
    invalid: "Invalid CPU feature policy",
    fault: "configUnsupported",
  }),
  name: requiredAttr(string, {
    doc: "libvirt's name of the feature.",
    missing: "Invalid CPU feature name",
  }),
});
export const Cpu = element("cpu", "The processor the guest sees.", {
  mode: attr(oneOf("custom", "host-model", "host-passthrough", "maximum"), {
    doc: "Where the model comes from.",
    invalid: "Invalid mode attribute '%s'",
    fault: "internalError",
  }),
  match: attr(oneOf("minimum", "exact", "strict"), {
    doc: "How strictly the guest's CPU must equal this one.",
  }),
  check: attr(oneOf("none", "partial", "full"), {
    doc: "What is verified when the domain starts.",
  }),
  migratable: attr(onOff, { doc: "Leave out features that keep the guest from migrating." }),
  model: child(CpuModel, { doc: "Model." }),
  vendor: text(string, { doc: "Vendor the host must have." }),
  topology: child(CpuTopology, { doc: "Topology." }),
  cache: child(
    element("cache", "Cache information of CPUID.", {
      level: attr(uint, { doc: "Cache level; all when absent." }),
      mode: requiredAttr(oneOf("emulate", "passthrough", "disable"), {
        doc: "Where it comes from.",
      }),
    }),
    { doc: "Cache information." },
  ),
  maxphysaddr: child(
    element("maxphysaddr", "Number of physical address bits.", {
      mode: requiredAttr(oneOf("emulate", "passthrough"), { doc: "Where it comes from." }),
      bits: attr(uint, { doc: "Bits, for `emulate`." }),
    }),
    { doc: "Number of physical address bits." },
  ),
  features: children(CpuFeature, { doc: "Features beyond the model's." }),
  numa: child(Numa, { doc: "NUMA nodes the guest sees." }),
});
export type Cpu = Infer<typeof Cpu>;
export type CpuModel = Infer<typeof CpuModel>;
export type CpuTopology = Infer<typeof CpuTopology>;
export type CpuFeature = Infer<typeof CpuFeature>;
