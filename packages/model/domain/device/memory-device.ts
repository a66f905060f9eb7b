/** `<memory>` in `<devices>`: a memory module. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, flag, requiredAttr, scaledText, text } from "../../schema/member.ts";
import { cpuSet } from "../../schema/cpu-set.ts";
import { oneOf, string, uint, yesNo } from "../../schema/scalar.ts";
import { KIB } from "../../schema/unit.ts";
import { uuid } from "../../uuid.ts";
import { info } from "./device-info.ts";

const Source = element("source", "Memory of the host.", {
  nodemask: text(cpuSet, { doc: "Host NUMA nodes." }),
  pageSizeKiB: scaledText({ name: "pagesize", unit: KIB, doc: "Size of a page." }),
  path: text(string, { doc: "File or device that holds it." }),
  alignSizeKiB: scaledText({ name: "alignsize", unit: KIB, doc: "Alignment of the mapping." }),
  pmem: flag({ doc: "The file is on persistent memory." }),
});
const Target = element("target", "What the guest sees.", {
  sizeKiB: scaledText({ name: "size", unit: KIB, doc: "Size." }),
  node: text(uint, { doc: "Guest NUMA node." }),
  label: child(
    element("label", "Label area of an NVDIMM.", {
      sizeKiB: scaledText({ name: "size", unit: KIB, doc: "Size." }),
    }),
    { doc: "Label area of an NVDIMM." },
  ),
  readonly: flag({ doc: "The guest cannot write." }),
  blockKiB: scaledText({ name: "block", unit: KIB, doc: "virtio-mem: unit of plugging." }),
  requestedKiB: scaledText({
    name: "requested",
    unit: KIB,
    doc: "virtio-mem: size that is wanted.",
  }),
  currentKiB: scaledText({
    name: "current",
    unit: KIB,
    doc: "virtio-mem: size that is plugged.",
    show: "live",
  }),
});

export const MemoryDevice = element("memory", "A memory module.", {
  model: requiredAttr(oneOf("dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc"), {
    doc: "Kind of module.",
  }),
  access: attr(oneOf("shared", "private"), { doc: "Sharing with other processes." }),
  discard: attr(yesNo, { doc: "Drop the contents before freeing files." }),
  uuid: text(uuid, { doc: "UUID of an NVDIMM." }),
  source: child(Source, { doc: "Memory of the host." }),
  target: child(Target, { doc: "What the guest sees." }),
  ...info,
});
export type MemoryDevice = Infer<typeof MemoryDevice>;
