/** Virtual CPUs and I/O threads: how many, and what the host gives them. */
import { cpuSet, cpuSetFault } from "../schema/cpu-set.ts";
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  requiredAttr,
  requiredContent,
  scaledAttr,
  text,
} from "../schema/member.ts";
import { int, long, oneOf, positive, string, uint, ulong, yesNo } from "../schema/scalar.ts";
import { BYTES } from "../schema/unit.ts";

export const Vcpu = element("vcpu", "Number of virtual CPUs.", {
  placement: attr(oneOf("static", "auto"), { doc: "`auto`: ask numad where to run them." }),
  cpuset: attr(cpuSet, { ...cpuSetFault("cpuset"), doc: "Host CPUs they may run on." }),
  current: attr(uint, { doc: "How many are online at start; all when absent." }),
  count: requiredContent(uint, {
    doc: "How many there can be.",
    invalid: "maximum vcpus count must be an integer",
  }),
});
export const Vcpus = element("vcpus", "State of each virtual CPU.", {
  vcpus: children(
    element("vcpu", "One virtual CPU.", {
      id: requiredAttr(uint, { doc: "Number, from 0." }),
      enabled: requiredAttr(yesNo, { doc: "Online at start." }),
      hotpluggable: attr(yesNo, { doc: "Can be taken out again." }),
      order: attr(positive, { doc: "Order in which they are added." }),
    }),
    { doc: "Virtual CPUs." },
  ),
});

const threadPool = {
  threadPoolMin: attr(int, { name: "thread_pool_min", doc: "Fewest worker threads." }),
  threadPoolMax: attr(int, { name: "thread_pool_max", doc: "Most worker threads." }),
};
export const IoThreadIds = element("iothreadids", "Numbers of the I/O threads.", {
  iothreads: children(
    element("iothread", "One I/O thread.", {
      id: requiredAttr(positive, { doc: "Number." }),
      ...threadPool,
    }),
    { doc: "I/O threads." },
  ),
});
export const DefaultIoThread = element(
  "defaultiothread",
  "Worker threads of QEMU's main loop.",
  threadPool,
);

const schedule = {
  scheduler: requiredAttr(oneOf("batch", "idle", "fifo", "rr"), { doc: "Scheduler of the host." }),
  priority: attr(int, { doc: "Priority, for `fifo` and `rr`." }),
};
const CacheMonitor = element("monitor", "Counts cache use of some virtual CPUs.", {
  level: requiredAttr(uint, { doc: "Cache level." }),
  vcpus: requiredAttr(cpuSet, { ...cpuSetFault("vcpus"), doc: "Virtual CPUs." }),
});
const CacheTune = element("cachetune", "Share of the host's cache for some virtual CPUs.", {
  vcpus: requiredAttr(cpuSet, { ...cpuSetFault("vcpus"), doc: "Virtual CPUs." }),
  id: attr(string, { doc: "Name of the group on the host.", show: "live" }),
  caches: children(
    element("cache", "One allocation.", {
      id: requiredAttr(uint, { doc: "Cache of the host." }),
      level: requiredAttr(uint, { doc: "Cache level." }),
      type: requiredAttr(oneOf("both", "code", "data"), { doc: "What is cached." }),
      sizeBytes: scaledAttr({ name: "size", unit: BYTES, pretty: true, doc: "Size." }),
    }),
    { doc: "Allocations." },
  ),
  monitors: children(CacheMonitor, { doc: "Monitors." }),
});
const MemoryTune = element("memorytune", "Share of memory bandwidth for some virtual CPUs.", {
  vcpus: requiredAttr(cpuSet, { ...cpuSetFault("vcpus"), doc: "Virtual CPUs." }),
  id: attr(string, { doc: "Name of the group on the host.", show: "live" }),
  nodes: children(
    element("node", "One host node.", {
      id: requiredAttr(uint, { doc: "Node." }),
      bandwidth: requiredAttr(uint, { doc: "Per cent." }),
    }),
    { doc: "Host nodes." },
  ),
  monitors: children(
    element("monitor", "Counts the bandwidth some virtual CPUs use.", {
      vcpus: requiredAttr(cpuSet, { ...cpuSetFault("vcpus"), doc: "Virtual CPUs." }),
    }),
    { doc: "Monitors." },
  ),
});

export const CpuTune = element("cputune", "CPU time and placement on the host.", {
  shares: text(ulong, {
    invalid: "can't parse cputune shares value",
    doc: "Weight against other domains.",
  }),
  period: text(ulong, {
    invalid: "can't parse cputune period value",
    doc: "Enforcement interval of a virtual CPU in microseconds.",
  }),
  quota: text(long, {
    invalid: "can't parse cputune quota value",
    doc: "Time per period for a virtual CPU in microseconds; negative: no limit.",
  }),
  globalPeriod: text(ulong, {
    invalid: "can't parse cputune global period value",
    name: "global_period",
    doc: "Interval for the whole domain.",
  }),
  globalQuota: text(long, {
    invalid: "can't parse cputune global quota value",
    name: "global_quota",
    doc: "Time per period for the whole domain.",
  }),
  emulatorPeriod: text(ulong, {
    invalid: "can't parse cputune emulator period value",
    name: "emulator_period",
    doc: "Interval for QEMU's own threads.",
  }),
  emulatorQuota: text(long, {
    invalid: "can't parse cputune emulator quota value",
    name: "emulator_quota",
    doc: "Time per period for QEMU's own threads.",
  }),
  iothreadPeriod: text(ulong, {
    invalid: "can't parse cputune iothread period value",
    name: "iothread_period",
    doc: "Interval for I/O threads.",
  }),
  iothreadQuota: text(long, {
    invalid: "can't parse cputune iothread quota value",
    name: "iothread_quota",
    doc: "Time per period for I/O threads.",
  }),
  vcpupins: children(
    element("vcpupin", "Host CPUs for one virtual CPU.", {
      vcpu: requiredAttr(uint, { doc: "Virtual CPU." }),
      cpuset: requiredAttr(cpuSet, {
        missing: "missing cpuset for vcpupin",
        missingFault: "internalError",
        ...cpuSetFault("cpuset"),
        doc: "Host CPUs.",
      }),
    }),
    { doc: "Host CPUs for single virtual CPUs." },
  ),
  emulatorpin: child(
    element("emulatorpin", "Host CPUs for QEMU's own threads.", {
      cpuset: requiredAttr(cpuSet, {
        missing: "missing cpuset for emulatorpin",
        missingFault: "internalError",
        ...cpuSetFault("cpuset"),
        doc: "Host CPUs.",
      }),
    }),
    { doc: "Host CPUs for QEMU's own threads." },
  ),
  iothreadpins: children(
    element("iothreadpin", "Host CPUs for one I/O thread.", {
      iothread: requiredAttr(positive, { doc: "I/O thread." }),
      cpuset: requiredAttr(cpuSet, {
        missing: "missing cpuset for iothreadpin",
        missingFault: "internalError",
        ...cpuSetFault("cpuset"),
        doc: "Host CPUs.",
      }),
    }),
    { doc: "Host CPUs for single I/O threads." },
  ),
  emulatorsched: child(element("emulatorsched", "Scheduler of QEMU's own threads.", schedule), {
    doc: "Scheduler of QEMU's own threads.",
  }),
  vcpuscheds: children(
    element("vcpusched", "Scheduler of some virtual CPUs.", {
      vcpus: requiredAttr(cpuSet, {
        missing: "Missing attribute 'vcpus' in element 'vcpusched'",
        ...cpuSetFault("vcpus"),
        doc: "Virtual CPUs.",
      }),
      ...schedule,
    }),
    { doc: "Schedulers of virtual CPUs." },
  ),
  iothreadscheds: children(
    element("iothreadsched", "Scheduler of some I/O threads.", {
      iothreads: requiredAttr(cpuSet, {
        missing: "Missing attribute 'iothreads' in element 'iothreadsched'",
        ...cpuSetFault("iothreads"),
        doc: "I/O threads.",
      }),
      ...schedule,
    }),
    { doc: "Schedulers of I/O threads." },
  ),
  cachetunes: children(CacheTune, { doc: "Cache shares." }),
  memorytunes: children(MemoryTune, { doc: "Memory bandwidth shares." }),
});

export type Vcpu = Infer<typeof Vcpu>;
export type Vcpus = Infer<typeof Vcpus>;
export type IoThreadIds = Infer<typeof IoThreadIds>;
export type DefaultIoThread = Infer<typeof DefaultIoThread>;
export type CpuTune = Infer<typeof CpuTune>;
