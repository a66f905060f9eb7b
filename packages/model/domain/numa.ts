/** NUMA nodes the guest sees. */
import { cpuSet, cpuSetFault } from "../schema/cpu-set.ts";
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  requiredAttr,
  requiredScaledAttr,
  scaledAttr,
} from "../schema/member.ts";
import { oneOf, uint, ulong, yesNo } from "../schema/scalar.ts";
import { KIB } from "../schema/unit.ts";

const NodeCache = element("cache", "A cache in front of the node's memory.", {
  level: requiredAttr(uint, { doc: "Level." }),
  associativity: requiredAttr(oneOf("none", "direct", "full"), { doc: "Associativity." }),
  policy: requiredAttr(oneOf("none", "writeback", "writethrough"), { doc: "Write policy." }),
  size: child(
    element("size", "Size.", { sizeKiB: scaledAttr({ name: "value", unit: KIB, doc: "Size." }) }),
    { doc: "Size." },
  ),
  line: child(
    element("line", "Size of a cache line.", {
      value: requiredAttr(uint, { doc: "Bytes." }),
      unit: requiredAttr(oneOf("B"), { doc: "Unit." }),
    }),
    { doc: "Size of a cache line." },
  ),
});
export const NumaCell = element("cell", "One guest NUMA node.", {
  id: attr(uint, { doc: "Number; by position when absent." }),
  cpus: attr(cpuSet, { ...cpuSetFault("cpus"), doc: "Virtual CPUs in the node." }),
  memoryKiB: requiredScaledAttr({
    name: "memory",
    unit: KIB,
    doc: "Memory of the node.",
    missing: "missing element or attribute './@memory'",
  }),
  memAccess: attr(oneOf("shared", "private"), { doc: "Sharing with other processes." }),
  discard: attr(yesNo, { doc: "Drop memory contents before freeing files." }),
  distances: child(
    element("distances", "Distances to other nodes.", {
      siblings: children(
        element("sibling", "Distance to one node.", {
          id: requiredAttr(uint, { doc: "Node." }),
          value: requiredAttr(uint, { doc: "Distance; 10 is the node itself." }),
        }),
        { doc: "Nodes." },
      ),
    }),
    { doc: "Distances to other nodes." },
  ),
  caches: children(NodeCache, { doc: "Caches in front of the memory." }),
});
const between = {
  initiator: requiredAttr(uint, { doc: "Node that reads or writes." }),
  target: requiredAttr(uint, { doc: "Node with the memory." }),
  cache: attr(uint, { doc: "Cache level; memory itself when absent." }),
  type: requiredAttr(oneOf("access", "read", "write"), { doc: "What is measured." }),
};
export const Numa = element("numa", "NUMA nodes the guest sees.", {
  cells: children(NumaCell, { doc: "Nodes." }),
  interconnects: child(
    element("interconnects", "Speed between nodes.", {
      latencies: children(
        element("latency", "Latency.", {
          ...between,
          value: requiredAttr(ulong, { doc: "Nanoseconds." }),
        }),
        { doc: "Latencies." },
      ),
      bandwidths: children(
        element("bandwidth", "Bandwidth.", {
          ...between,
          valueKiB: scaledAttr({ name: "value", unit: KIB, doc: "Per second." }),
        }),
        { doc: "Bandwidths." },
      ),
    }),
    { doc: "Speed between nodes." },
  ),
});
export type Numa = Infer<typeof Numa>;
export type NumaCell = Infer<typeof NumaCell>;
