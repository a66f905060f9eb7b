/** How much memory the guest has, where it comes from, and how much the host lets it take. */
import { cpuSet, cpuSetFault } from "../schema/cpu-set.ts";
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  flag,
  requiredAttr,
  requiredScaledAttr,
  scaledContent,
  scaledText,
} from "../schema/member.ts";
import { oneOf, onOff, uint } from "../schema/scalar.ts";
import { KIB } from "../schema/unit.ts";

export const MaxMemory = element("maxMemory", "Upper limit of memory hotplug.", {
  slots: requiredAttr(uint, {
    doc: "Number of memory devices that can be added.",
    missing: "both maximum memory size and memory slot count must be specified",
  }),
  sizeKiB: scaledContent({ unit: KIB, doc: "All memory together." }),
});
export const Memory = element("memory", "Memory the guest is started with.", {
  dumpCore: attr(onOff, { doc: "Include guest memory in core dumps of QEMU." }),
  sizeKiB: scaledContent({ unit: KIB, doc: "Size." }),
});

/** Stands for "no limit" in libvirt. */
export const UNLIMITED = 9_007_199_254_740_991;
export const MemoryTune = element("memtune", "Limits of the host for the whole QEMU process.", {
  hardLimitKiB: scaledText({
    name: "hard_limit",
    invalid: "Invalid value '%s' for element or attribute './memtune/hard_limit[1]'",
    unit: KIB,
    doc: "Never more than this.",
    omit: UNLIMITED,
  }),
  softLimitKiB: scaledText({
    name: "soft_limit",
    invalid: "Invalid value '%s' for element or attribute './memtune/soft_limit[1]'",
    unit: KIB,
    doc: "Enforced when the host is short of memory.",
    omit: UNLIMITED,
  }),
  minGuaranteeKiB: scaledText({ name: "min_guarantee", unit: KIB, doc: "Reserved for the guest." }),
  swapHardLimitKiB: scaledText({
    name: "swap_hard_limit",
    invalid: "Invalid value '%s' for element or attribute './memtune/swap_hard_limit[1]'",
    unit: KIB,
    doc: "Memory and swap together.",
    omit: UNLIMITED,
  }),
});

const HugePage = element("page", "One size of huge pages.", {
  sizeKiB: requiredScaledAttr({
    name: "size",
    unit: KIB,
    doc: "Size of a page.",
    missing: "missing element or attribute './@size'",
  }),
  nodeset: attr(cpuSet, {
    ...cpuSetFault("nodeset"),
    doc: "Guest NUMA nodes that use it; all others when absent.",
  }),
});
const HugePages = element(
  "hugepages",
  "Back guest memory with huge pages.",
  { pages: children(HugePage, { doc: "Page sizes; the host's default when there are none." }) },
  { empty: true },
);
export const MemoryBacking = element(
  "memoryBacking",
  "How guest memory is allocated on the host.",
  {
    hugepages: child(HugePages, { doc: "Huge pages." }),
    nosharepages: flag({ doc: "Keep the host from merging equal pages." }),
    locked: flag({ doc: "Never swap guest memory out." }),
    source: child(
      element("source", "Kind of memory.", {
        type: attr(oneOf("file", "anonymous", "memfd"), {
          invalid: "unknown memoryBacking/source/type '%s'",
          fault: "configUnsupported",
          doc: "Files, private memory, or anonymous files.",
        }),
      }),
      { doc: "Kind of memory." },
    ),
    access: child(
      element("access", "Sharing with other processes.", {
        mode: attr(oneOf("shared", "private"), {
          doc: "`shared` lets vhost-user and virtiofs processes map it.",
        }),
      }),
      { doc: "Sharing with other processes." },
    ),
    allocation: child(
      element("allocation", "When memory is taken.", {
        mode: attr(oneOf("immediate", "ondemand"), {
          doc: "At start, or when the guest first touches it.",
        }),
        threads: attr(uint, { doc: "Threads that allocate at start." }),
      }),
      { doc: "When memory is taken." },
    ),
    discard: flag({ doc: "Drop memory contents before freeing files." }),
  },
);

export const NUMA_MODES = ["strict", "preferred", "interleave", "restrictive"] as const;
const MemoryNode = element("memnode", "Policy for one guest NUMA node.", {
  cellid: requiredAttr(uint, { doc: "Guest node." }),
  mode: attr(oneOf(...NUMA_MODES), { doc: "Policy." }),
  nodeset: requiredAttr(cpuSet, { ...cpuSetFault("nodeset"), doc: "Host nodes." }),
});
export const NumaTune = element("numatune", "Host NUMA nodes that guest memory is taken from.", {
  memory: child(
    element("memory", "Policy for the whole guest.", {
      mode: attr(oneOf(...NUMA_MODES), {
        doc: "Policy.",
        invalid: "Unsupported NUMA memory tuning mode '%s'",
        fault: "configUnsupported",
      }),
      placement: attr(oneOf("static", "auto"), {
        invalid: "Unsupported NUMA memory placement mode '%s'",
        fault: "configUnsupported",
        doc: "`auto`: ask numad for the nodes.",
      }),
      nodeset: attr(cpuSet, { ...cpuSetFault("nodeset"), doc: "Host nodes." }),
    }),
    { doc: "Policy for the whole guest." },
  ),
  memnodes: children(MemoryNode, { doc: "Policies of single guest nodes." }),
});

export type MaxMemory = Infer<typeof MaxMemory>;
export type Memory = Infer<typeof Memory>;
export type MemoryTune = Infer<typeof MemoryTune>;
export type MemoryBacking = Infer<typeof MemoryBacking>;
export type NumaTune = Infer<typeof NumaTune>;
